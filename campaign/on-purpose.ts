/** How every message begins by which something goes wrong on purpose. */
export const onPurpose = 'on purpose:';
/** What an attempt fails with until its turn to die has come. */
export const waitsToDie = `${onPurpose} it waits until the worker is killed`;
