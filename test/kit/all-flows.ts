// Temporal's bundler needs one entry.
export { delivery, fork, hasty, laptop, loop } from './flows.ts';
export { buggy, careless } from './careless-flows.ts';
