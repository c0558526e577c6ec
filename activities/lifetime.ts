type Close = () => Promise<void>;

const open = new Set<Close>();

/** Has something that lives longer than one call (a browser, a recogniser) closed when the worker ends. */
export function closeWithWorker(close: Close): void {
  open.add(close);
}

/** Closes all that was registered; the worker calls it once, after its last activity. */
export async function closeAll(): Promise<void> {
  const closing = [...open];
  open.clear();
  await Promise.allSettled(closing.map((close) => close()));
}
