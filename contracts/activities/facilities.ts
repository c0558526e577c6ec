import { z } from 'zod';
import { compensation, service } from '../define/activity.ts';
import { Hire } from '../hire.ts';

const bounds = { startToCloseTimeout: '10 seconds', scheduleToCloseTimeout: '5 minutes' } as const;

const booking = {
  input: z.strictObject({ ...Hire.pick({ personnelNumber: true, site: true }).shape, from: Hire.shape.firstDay }),
  output: z.strictObject({ bookingId: z.string(), desk: z.string() }),
};

export const cancelBooking = compensation({ name: 'facilities.cancelBooking', title: 'Cancel the desk', kind: 'service', ...booking, ...bounds });

/** Rejected when the site has no desk left. */
export const bookDesk = service({ name: 'facilities.bookDesk', title: 'Book a desk', ...booking, ...bounds, compensation: cancelBooking });
