import { z } from 'zod';
import { bookEntry } from '../book.ts';
import { runService } from '../service.ts';
import { addClaims, Claim } from './claims.ts';
import { addReservations, CostCentre, Reservation } from './reservations.ts';

await runService({
  title: 'Ledger',
  async setup(service, setting) {
    const claims = await addClaims(service, setting);
    const reservations = await addReservations(service, setting);
    service.route({
      method: 'GET',
      path: '/books',
      title: 'Everything this system holds',
      answer: z.object({
        claims: z.array(bookEntry(Claim)),
        reservations: z.array(bookEntry(Reservation)),
        costCentres: z.array(CostCentre),
        revokedKeys: z.array(z.string()),
      }),
      handle: () => ({
        claims: claims.list(),
        reservations: reservations.book.list(),
        costCentres: reservations.costCentres(),
        revokedKeys: [...claims.revokedKeys(), ...reservations.book.revokedKeys()],
      }),
    });
    return {
      close: async () => {
        await Promise.all([claims.close(), reservations.book.close()]);
      },
    };
  },
});
