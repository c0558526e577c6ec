import { z } from 'zod';
import { bookEntry, openBook, Revocation, Revoked } from '../book.ts';
import { refusal } from '../refusals.ts';
import { readSeed } from '../seed.ts';
import { runService } from '../service.ts';

const Sites = z.array(z.strictObject({ name: z.string(), desks: z.int().positive() }));
const Wanted = z.strictObject({ personnelNumber: z.string().min(1).max(40), site: z.string().min(1).max(40), from: z.iso.datetime({ offset: true }) });
const Booking = Wanted.extend({ desk: z.string() });
type Booking = z.infer<typeof Booking>;

await runService({
  title: 'Facilities',
  async setup(service, { dataDir, seedDir }) {
    const sites = await readSeed({ seedDir, name: 'sites.json', schema: Sites });
    const book = await openBook({ file: `${dataDir}/bookings.ndjson`, facts: Booking, states: ['booked', 'cancelled'] });
    const choose = (wanted: z.infer<typeof Wanted>): Booking => {
      const site = sites.find(({ name }) => name === wanted.site);
      if (!site) throw refusal('unknown-site', { detail: `there is no site ${wanted.site}; there are ${sites.map(({ name }) => name).join(', ')}` });
      const taken = new Set([...book.live()].map(({ desk }) => desk));
      for (let nth = 1; nth <= site.desks; nth++) {
        const desk = `${site.name}-${nth}`;
        if (!taken.has(desk)) return { ...wanted, desk };
      }
      throw refusal('no-desk', { detail: `all ${site.desks} desks of ${site.name} are taken` });
    };
    service.route({
      method: 'POST',
      path: '/bookings',
      title: 'Book a desk for a person',
      status: 201,
      body: Wanted,
      answer: z.object({ bookingId: z.string(), desk: z.string() }),
      refuses: ['unknown-site', 'no-desk', 'revoked'],
      async handle({ body, key }) {
        const { id, desk } = await book.enter({ key, request: body, decide: () => choose(body) });
        return { bookingId: id, desk };
      },
    });
    service.route({
      method: 'POST',
      path: '/bookings/cancel',
      title: 'Cancel what was booked under a key, and refuse that key from now on',
      body: Revocation,
      answer: Revoked,
      handle: ({ body: { forwardKey }, key }) => book.revoke({ key, forwardKey }),
    });
    service.route({
      method: 'GET',
      path: '/books',
      title: 'Everything this system holds',
      answer: z.object({ bookings: z.array(bookEntry(Booking)), revokedKeys: z.array(z.string()) }),
      handle: () => ({ bookings: book.list(), revokedKeys: book.revokedKeys() }),
    });
    return book;
  },
});
