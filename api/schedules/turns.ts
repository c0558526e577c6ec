/** Lets those who act on the same thing do so one after the other. */
export type InTurn = <R>(name: string, act: () => Promise<R>) => Promise<R>;

export function createTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return async <R>(name: string, act: () => Promise<R>) => {
    const mine = (last.get(name) ?? Promise.resolve()).then(act);
    const settled = mine.catch(() => undefined);
    last.set(name, settled);
    try {
      return await mine;
    } finally {
      if (last.get(name) === settled) last.delete(name);
    }
  };
}
