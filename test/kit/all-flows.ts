// Temporal's bundler needs one entry.
export { delivery, fork, gather, hasty, laptop, loop } from './flows.ts';
export { buggy, careless } from './careless-flows.ts';
