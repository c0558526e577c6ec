import type { Demo } from '../demo.ts';
import { type HireRow, runHires } from './run.ts';
import { tableOf } from './table.ts';

export const onboarding: Demo<HireRow> = {
  process: 'employeeOnboarding',
  title: 'six people who are to begin, and six different ends',
  users: ['olga', 'hanna', 'ivo', 'fatima'],
  run: runHires,
  tableOf,
  nameOf: ({ name }) => name,
};
