import { amongOthers, type Demo } from './demo.ts';
import { invoices } from './invoices/demo.ts';
import { onboarding } from './onboarding/demo.ts';

/** The first is the one that runs when none is named. */
const demos: readonly [Demo, ...Demo[]] = [amongOthers(invoices), amongOthers(onboarding)];

export const inWords = demos.map(({ process, title }, at) => `${process.padEnd(20)} ${title}${at === 0 ? ' (when none is named)' : ''}`);

/** @throws Error that names the demos there are */
export function demoNamed(name: string | undefined): Demo {
  const found = name === undefined ? demos[0] : demos.find(({ process }) => process === name);
  if (!found) throw new Error(`there is no demo "${name}"; there are ${demos.map(({ process }) => process).join(', ')}`);
  return found;
}
