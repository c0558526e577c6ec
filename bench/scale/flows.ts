export { chain } from '../overhead/kit.ts';
export { ask } from './flow.ts';
