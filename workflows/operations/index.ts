export { bulk } from './bulk.ts';
export { watch } from './watch.ts';
