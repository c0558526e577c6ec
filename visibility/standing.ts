import type { MapNode, ProcessMap } from '../contracts/process-map.ts';

/** What a history tells of a step: that a visit began, or how it ended. */
export interface Move {
  readonly step: string;
  readonly visit: number;
  readonly what: 'start' | 'end';
  /** Of an end: whether the flow goes on with an output, learns of a failure, or had it cancelled. */
  readonly how?: 'completed' | 'failed' | 'cancelled';
}

/** Somebody in a picture: at a node, and in which of several members of each region around it. */
export interface Token {
  readonly at: string;
  /** Of each `many` and `aside` around it, which one. */
  readonly marks: Readonly<Record<string, number>>;
  /** The visit of its step that has begun. */
  readonly visit?: number;
  /** It is being cancelled: it only ends. The number of the one that waits for that. */
  readonly doomedFor?: number;
  /** It goes on when all that are doomed for it have ended. */
  readonly waitsAs?: number;
  /** Of a branch that was begun beside: it has ended by a failure, which whoever awaits it learns. */
  readonly failed?: true;
  /** Of `many`, `race`: that its branches are there. */
  readonly open?: true;
  /** Of a member of `many`: it has not asked anything yet. */
  readonly fresh?: true;
}

/** How everything may stand; the same history may fit several of them. */
export interface Standing {
  readonly tokens: readonly Token[];
  /** The flow has ended so; nothing begins any more. */
  readonly ended?: 'completed' | 'failed';
  /** Numbers that were given to members and to waits. */
  readonly given: number;
}

/** More than this many ways to understand a history are no picture of it. */
const mostStandings = 20_000;

/** The moves that a map allows, from how everything may stand to how it may stand then. */
export function createMoves(map: ProcessMap) {
  const nodes = new Map(map.nodes.map((node) => [node.id, node]));
  const regions = new Map(map.regions.map((region) => [region.id, region]));
  const nodeOf = (id: string): MapNode => found(nodes.get(id), id);
  const regionOf = (id: string) => found(regions.get(id), id);
  const leading = new Map(map.nodes.map(({ id }) => [id, map.arrows.filter(({ from }) => from === id).map(({ to }) => to)]));
  const targets = (id: string): readonly string[] => leading.get(id) ?? [];
  const startOf = (region: string): string => found(map.nodes.find((node) => node.kind === 'start' && node.region === region)?.id, region);
  /** From the innermost outwards. */
  const around = (id: string): readonly string[] => {
    const chain: string[] = [];
    for (let region = nodeOf(id).region; region !== null; region = regionOf(region).within) chain.push(region);
    return chain;
  };
  const isIn = (token: Token, region: string, marks: Token['marks']): boolean => around(token.at).includes(region) && Object.entries(marks).every(([of, nth]) => token.marks[of] === nth);

  /** Marks of what is around a node, of those that a token has. */
  const marksAt = (id: string, marks: Token['marks']): Token['marks'] => Object.fromEntries(around(id).flatMap((region) => (marks[region] === undefined ? [] : [[region, marks[region]]])));
  const at = (id: string, { marks, fresh }: Token): Token => ({ at: id, marks: marksAt(id, marks), ...(fresh ? { fresh } : {}) });

  const replace = (standing: Standing, token: Token, by: readonly Token[]): Standing => ({ ...standing, tokens: [...standing.tokens.filter((one) => one !== token), ...by] });
  const goOn = (standing: Standing, token: Token): Standing => replace(standing, token, targets(token.at).slice(0, 1).map((to) => at(to, token)));

  /** All in a region end: what has begun is cancelled, and whoever has the number waits for that. */
  const doom = (standing: Standing, { region, marks, number, but }: { region: string; marks: Token['marks']; number: number; but?: Token }): Standing => ({
    ...standing,
    tokens: standing.tokens.flatMap((one) => {
      if (one === but || !isIn(one, region, marks)) return [one];
      return one.visit === undefined ? [] : [{ ...one, doomedFor: number }];
    }),
  });

  /** What goes wrong at a token: one way to go on, or two where many may bear it. */
  const fail = (from: Standing, token: Token): readonly Standing[] => {
    const number = from.given + 1;
    let standing: Standing = { ...replace(from, token, []), given: number };
    for (const id of around(token.at)) {
      const { kind, handler, cancels, enough } = regionOf(id);
      const marks = marksAt(startIn(id), token.marks);
      const outer = Object.fromEntries(Object.entries(marks).filter(([of]) => of !== id));
      if (kind === 'attempt') return [{ ...standing, tokens: [...standing.tokens, { at: found(handler, id), marks: marksAt(found(handler, id), token.marks), waitsAs: number }] }];
      if (kind === 'aside') return [{ ...standing, tokens: [...standing.tokens, { at: token.at, marks: token.marks, failed: true }] }];
      if (kind === 'parallel' && cancels) standing = doom(standing, { region: id, marks, number });
      if (kind === 'race' || kind === 'many') {
        const alone = kind === 'many' && enough ? [{ ...doom(standing, { region: id, marks, number }) }] : [];
        if (kind === 'race' || cancels) standing = doom(standing, { region: id, marks: outer, number });
        standing = { ...standing, tokens: standing.tokens.filter((one) => !(nodeOf(one.at).of === id && one.open && isSame(one.marks, marksAt(one.at, outer)))) };
        if (alone.length > 0) return [...alone, ...failFrom(standing, { at: containerOf(id), marks: outer })];
      }
    }
    return [{ ...standing, ended: 'failed', tokens: standing.tokens.flatMap((one) => (one.visit === undefined ? [] : [{ ...one, doomedFor: number }])) }];
  };
  const containerOf = (region: string): string => found(map.nodes.find(({ of, kind }) => of === region && ['many', 'race', 'begin', 'fork'].includes(kind))?.id, region);
  const startIn = (region: string): string => map.nodes.find((node) => node.region === region)?.id ?? containerOf(region);
  const failFrom = (standing: Standing, { at: id, marks }: { at: string; marks: Token['marks'] }): readonly Standing[] => {
    const token: Token = { at: id, marks };
    return fail({ ...standing, tokens: [...standing.tokens, token] }, token);
  };

  /** Goes on by all that has no choice. */
  const settle = (standing: Standing): readonly Standing[] => {
    for (const token of standing.tokens) {
      const next = forced(standing, token);
      if (next) return next.flatMap(settle);
    }
    return [standing];
  };

  /** Where a token goes by itself; `undefined` where it waits, or has a choice. */
  const forced = (standing: Standing, token: Token): readonly Standing[] | undefined => {
    const { kind, of, end, region } = nodeOf(token.at);
    if (token.visit !== undefined || token.failed) return undefined;
    if (token.waitsAs !== undefined && standing.tokens.some(({ doomedFor }) => doomedFor === token.waitsAs)) return undefined;
    switch (kind) {
      case 'start':
      case 'merge':
      case 'catch':
        return [goOn(standing, token)];
      case 'fork':
        return [replace(standing, token, targets(token.at).map((to) => at(to, token)))];
      case 'join': {
        const fork = found(map.nodes.find((node) => node.kind === 'fork' && node.of === of)?.id, token.at);
        const waiting = standing.tokens.filter((one) => one.at === token.at && isSame(one.marks, token.marks));
        if (waiting.length < targets(fork).length) return undefined;
        const rest = standing.tokens.filter((one) => !waiting.includes(one));
        return [{ ...standing, tokens: [...rest, ...targets(token.at).slice(0, 1).map((to) => at(to, token))] }];
      }
      case 'begin': {
        const aside = found(of, token.at);
        const given = standing.given + 1;
        return [{ ...replace(standing, token, [...targets(token.at).slice(0, 1).map((to) => at(to, token)), { at: startOf(aside), marks: { ...token.marks, [aside]: given } }]), given }];
      }
      case 'await': {
        const begun = newestOf(standing, found(of, token.at));
        if (begun?.failed) return fail(standing, token);
        return begun && nodeOf(begun.at).kind === 'end' && nodeOf(begun.at).region === of ? [goOn(standing, token)] : undefined;
      }
      case 'race': {
        if (token.open) return undefined;
        const branches = map.regions.filter(({ within }) => within === of).map(({ id }): Token => ({ at: startOf(id), marks: token.marks }));
        return [replace(standing, token, [{ ...token, open: true }, ...branches])];
      }
      case 'many':
        return token.open ? undefined : [replace(standing, token, [{ ...token, open: true }])];
      case 'end':
        if (end !== 'completed') return fail(standing, token);
        return region === null ? finish(standing, token) : endIn(standing, { token, region });
      case 'step':
      case 'choice':
        return undefined;
    }
  };

  /** The flow's own end. Only what was begun beside it, and never awaited, may be under way still. */
  const finish = (standing: Standing, token: Token): readonly Standing[] => {
    const number = standing.given + 1;
    const { tokens } = replace(standing, token, []);
    if (tokens.some((one) => !around(one.at).some(isBeside))) return [];
    return [{ tokens: tokens.flatMap((one) => (one.visit === undefined ? [] : [{ ...one, doomedFor: number }])), given: number, ended: 'completed' }];
  };
  const isBeside = (id: string): boolean => regionOf(id).kind === 'aside' || regionOf(id).cancels === false;

  /** A token at the end of a branch of its own. */
  const endIn = (standing: Standing, { token, region }: { token: Token; region: string }): readonly Standing[] | undefined => {
    const { kind, within } = regionOf(region);
    if (kind === 'aside') return undefined;
    if (kind === 'many') return [replace(standing, token, [])];
    const race = found(within ?? undefined, region);
    const number = standing.given + 1;
    const container = standing.tokens.find((one) => nodeOf(one.at).of === race && one.open && isSame(one.marks, marksAt(one.at, token.marks)));
    const rest = doom({ ...replace(standing, token, []), given: number }, { region: race, marks: marksAt(startIn(race), token.marks), number });
    if (!container) return [rest];
    return [replace(rest, container, targets(container.at).slice(0, 1).map((to) => ({ ...at(to, container), waitsAs: number })))];
  };

  const newestOf = ({ tokens }: Standing, region: string): Token | undefined =>
    tokens.filter(({ marks }) => marks[region] !== undefined).sort((one, other) => (other.marks[region] ?? 0) - (one.marks[region] ?? 0))[0];

  /** The ways that a choice, or many, may be gone on with. */
  const choices = (standing: Standing): readonly Standing[] =>
    standing.tokens.flatMap((token): readonly Standing[] => {
      const { kind, of } = nodeOf(token.at);
      if (token.visit !== undefined || token.doomedFor !== undefined) return [];
      if (token.waitsAs !== undefined && standing.tokens.some(({ doomedFor }) => doomedFor === token.waitsAs)) return [];
      if (kind === 'choice') return targets(token.at).flatMap((to) => settle(replace(standing, token, [at(to, token)])));
      if (kind !== 'many' || !token.open) return [];
      const many = found(of, token.at);
      const members = standing.tokens.filter((one) => one.marks[many] !== undefined && isIn(one, many, token.marks));
      const number = standing.given + 1;
      const fresh: Token = { at: startOf(many), marks: { ...token.marks, [many]: number }, fresh: true };
      // One at a time is enough to find who asks.
      const more = members.some((one) => one.fresh) ? [] : settle({ ...standing, tokens: [...standing.tokens, fresh], given: number });
      const leave = members.every((one) => one.fresh) || regionOf(many).enough ? settle(leaveMany(standing, { token, many })) : [];
      // Too few members are a failure of its own.
      const fewer = regionOf(many).enough ? fail(standing, token).flatMap(settle) : [];
      return [...leave, ...more, ...fewer];
    });
  const leaveMany = (standing: Standing, { token, many }: { token: Token; many: string }): Standing => {
    const number = standing.given + 1;
    const rest = doom({ ...replace(standing, token, []), given: number }, { region: many, marks: token.marks, number });
    return { ...rest, tokens: [...rest.tokens, ...targets(token.at).slice(0, 1).map((to) => ({ ...at(to, token), waitsAs: number }))] };
  };

  /** All standings that can be come to by choices alone, the nearest first. */
  function* reach(from: Standing): Generator<Standing> {
    const seen = new Set<string>();
    let front: readonly Standing[] = settle(from);
    while (front.length > 0) {
      const fresh = front.filter((one) => {
        const key = keyOf(one);
        return !seen.has(key) && seen.add(key) !== undefined;
      });
      if (seen.size > mostStandings) throw new Error(`the map of ${map.process} leaves more than ${mostStandings} ways open`);
      yield* fresh;
      front = fresh.flatMap(choices);
    }
  }

  const begins = (from: Standing, { step, visit }: Move): readonly Standing[] => {
    const begun: Standing[] = [];
    const known = new Set<string>();
    for (const standing of reach(from)) {
      if (standing.ended) continue;
      for (const token of standing.tokens) {
        if (nodeOf(token.at).step !== step || token.visit !== undefined || token.doomedFor !== undefined) continue;
        // What others do meanwhile, they can do later as well.
        const key = `${token.at} ${JSON.stringify(Object.keys(token.marks))}`;
        if (token.waitsAs !== undefined && standing.tokens.some(({ doomedFor }) => doomedFor === token.waitsAs)) continue;
        if (known.has(key)) continue;
        known.add(key);
        begun.push(replace(standing, token, [{ at: token.at, marks: token.marks, visit }]));
      }
    }
    return begun;
  };

  const ends = (from: Standing, { step, visit, how }: Move): readonly Standing[] => {
    const token = from.tokens.find((one) => one.visit === visit && nodeOf(one.at).step === step);
    if (!token) return [];
    if (token.doomedFor !== undefined) return settle(replace(from, token, []));
    if (how === 'completed') return settle(goOn(from, token));
    return how === 'failed' ? fail(from, token).flatMap(settle) : [];
  };

  return {
    begin: (): Standing => ({ tokens: [{ at: found(map.nodes.find(({ kind, region }) => kind === 'start' && region === null)?.id, 'start'), marks: {} }], given: 0 }),
    make: (from: Standing, move: Move): readonly Standing[] => {
      if (move.what === 'start') return begins(from, move);
      const direct = ends(from, move);
      if (direct.length > 0 || move.how !== 'cancelled') return direct;
      // A race, or enough of many, may have been decided by what no history tells.
      return [...reach(from)].flatMap((one) => ends(one, move)).slice(0, 8);
    },
    endAnyhow: (from: Standing, { step, visit }: Move): readonly Standing[] => {
      const token = from.tokens.find((one) => one.visit === visit && nodeOf(one.at).step === step);
      return token ? [replace(from, token, [])] : [];
    },
    mayEnd(from: Standing, how: 'completed' | 'failed'): boolean {
      for (const { ended, tokens } of reach(from)) if (ended === how && tokens.every(({ visit }) => visit === undefined)) return true;
      return false;
    },
  };
}

/** The same whatever numbers were given on the way. */
export function keyOf({ tokens, ended }: Standing): string {
  const names = new Map<number, number>();
  const small = (number: number): number => names.get(number) ?? (names.set(number, names.size), names.size - 1);
  const words = tokens
    .map((one) => ({ ...one, sort: `${one.at} ${one.visit ?? ''} ${one.failed ?? ''} ${one.open ?? ''} ${one.fresh ?? ''}` }))
    .sort((one, other) => (one.sort < other.sort ? -1 : 1))
    .map(({ sort, marks, doomedFor, waitsAs }) => [sort, ...Object.entries(marks).map(([of, nth]) => `${of}#${small(nth)}`), doomedFor === undefined ? '' : small(doomedFor), waitsAs === undefined ? '' : small(waitsAs)].join(' '));
  return `${ended ?? ''}|${words.join('|')}`;
}

const isSame = (one: Token['marks'], other: Token['marks']): boolean => JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

function found<V>(value: V | undefined, what: string): V {
  if (value === undefined) throw new Error(`the map has no ${what}`);
  return value;
}
