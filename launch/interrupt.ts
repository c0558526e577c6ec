/** Settles at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
export function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    let times = 0;
    const onSignal = (): void => {
      times += 1;
      if (times > 1) process.exit(130);
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    process.on('SIGHUP', onSignal);
  });
}

/** Waits for something that cannot be ended halfway. An interruption meanwhile ends the process, and with it all that it has started. */
export async function unlessInterrupted<T>({ interrupted, work }: { interrupted: Promise<void>; work: Promise<T> }): Promise<T> {
  let pending = true;
  void interrupted.then(() => {
    if (pending) process.exit(130);
  });
  try {
    return await work;
  } finally {
    pending = false;
  }
}
