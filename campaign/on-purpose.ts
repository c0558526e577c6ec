/** How every message begins by which something goes wrong on purpose. */
export const onPurpose = 'on purpose:';
