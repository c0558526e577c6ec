export { chain } from '../overhead/kit.ts';
export { news } from './flow.ts';
