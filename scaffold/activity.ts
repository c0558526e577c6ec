import { join } from 'node:path';
import { z } from 'zod';
import { type ActivityKind, activityKinds, service } from '../contracts/define/activity.ts';
import { discoverActivities } from '../platform/discover.ts';
import { found } from './found.ts';
import { joined } from './join.ts';
import { assertFree, assertNoneTwice } from './names.ts';
import { marked, render } from './templates.ts';
import type { Options, Wish } from './wish.ts';
import { capital, dashed, quoted, shouted, small, spoken } from './words.ts';
import { readIfThere, type Writing } from './write.ts';

/** What becomes of its effect: it is undone, or the contract says why not. */
type Effect = 'compensation' | 'readOnly' | 'irreversible';

export async function newActivity({ root, name, options }: Wish): Promise<readonly Writing[]> {
  const [system = '', verb = ''] = name.split('.');
  const title = options.title ?? spoken(verb);
  const undo = { name: `${system}.undo${capital(verb)}`, title: `Undo: ${small(title)}` };
  const effect = effectOf(options);
  const wanted = [{ name, title }, ...(effect === 'compensation' ? [undo] : [])];
  for (const one of wanted) assertAgreed(one);
  const kind = kindOf(options);
  assertFree(verb);
  const names = await found({ what: 'activity contracts', discover: () => discoverActivities(join(root, 'contracts/activities')) });
  const twice = wanted.find((one) => names.includes(one.name));
  if (twice) throw new Error(`activity "${twice.name}" exists already, under contracts/activities/: choose another name`);

  const words = {
    ...{ theSystem: system, 'the-system': dashed(system), THE_SYSTEM: shouted(system) },
    ...{ doIt: verb, DoIt: capital(verb), 'do-it': dashed(verb), "'Do it'": quoted(title), "'Undo: do it'": quoted(undo.title) },
  };
  const keep = effect === 'compensation';
  const rendered = (await render({ root, template: kind, words })).map(({ file, text }) => ({ file, text: marked(text, { name: 'compensation', keep }) }));
  const files = rendered.filter(({ file }) => keep || !file.endsWith(`/undo-${dashed(verb)}.ts`));
  assertNoneTwice(files);
  return Promise.all(
    files.map(async ({ file, text }) => {
      if (!file.startsWith('contracts/')) return { file, before: undefined, text };
      const before = await readIfThere(join(root, file));
      return { file, before, text: joined({ file, before, piece: withEffect({ text, effect, verb }) }) };
    }),
  );
}

/** By the contracts' own rules, so that what is refused there is refused here, in the same words. */
function assertAgreed({ name, title }: { name: string; title: string }): void {
  service({ name, title, input: z.object({}), output: z.object({}), readOnly: true, startToCloseTimeout: 1, scheduleToCloseTimeout: 1 });
}

function kindOf({ kind }: Options): ActivityKind {
  const known = activityKinds.find((one) => one === kind);
  if (kind === undefined) throw new Error(`--kind is missing: say ${activityKinds.join(', ')}`);
  if (!known) throw new Error(`--kind ${kind}: there is no such kind of activity; there are ${activityKinds.join(', ')}`);
  return known;
}

function effectOf({ 'read-only': readOnly = false, irreversible = false }: Options): Effect {
  if (readOnly && irreversible) throw new Error('--read-only and --irreversible exclude each other: what changes nothing needs no undoing');
  return readOnly ? 'readOnly' : irreversible ? 'irreversible' : 'compensation';
}

/** Terms that a compensation does not share stand in the contract itself. */
function withEffect({ text, effect, verb }: { text: string; effect: Effect; verb: string }): string {
  if (effect === 'compensation') return text;
  const terms = new RegExp(`const ${verb}Terms = \\{\\n([^]*?)\\} as const;\\n\\n`).exec(text);
  return text
    .replace(terms?.[0] ?? '', '')
    .replace(`  ...${verb}Terms,\n`, () => terms?.[1] ?? '')
    .replace(`  compensation: undo${capital(verb)},`, `  ${effect}: true,`);
}
