// Temporal's bundler needs one entry.
export { badge, debt, delivery, fork, gather, laptop, loop, notice, patience, stubborn, timely } from './flows.ts';
export { buggy, careless } from './careless-flows.ts';
export { parcelsFlow as parcels } from '../steps/message.ts';
export { furnishFlow as furnish, officeFlow as office, purchaseFlow as purchase, raceFlow as race } from '../steps/process.ts';
export { crossedFlow as crossed, nestedFlow as nested, tenderFlow as tender } from '../steps/for-each.ts';
export { errandsFlow as errands } from '../steps/later.ts';
export { offerFlow as offer, photoFinishFlow as photoFinish } from '../steps/race.ts';
export { presentFlow as present } from '../steps/optional.ts';
export { errandFlow as errand, quickErrandFlow as quickErrand, quickForkFlow as quickFork, quickRunFlow as quickRun } from '../steps/quick.ts';
export { longHaulFlow as longHaul } from '../steps/long.ts';
export { bulk } from '../../workflows/operations/bulk.ts';
export { watch } from '../../workflows/operations/watch.ts';
