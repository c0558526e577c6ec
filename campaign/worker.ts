import { runWorkers } from '../workers/run.ts';
import { faulty } from './faulty.ts';

/** The product's worker, but that each implementation asks the campaign's desk what is to go wrong. */
const { CAMPAIGN_DESK: desk } = process.env;
if (!desk) throw new Error('CAMPAIGN_DESK is not set: this worker is started by the campaign, which puts the address of its desk there');
await runWorkers({ around: (implementation) => faulty(implementation, { desk }) });
