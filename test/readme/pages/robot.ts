import { expect, it } from '@jest/globals';
import { type Answer, type StandIn, startStandIn } from '../../stage/stand-in.ts';
import type { GuidePage } from '../guide.ts';

let gatehouse: StandIn;
const page = (title: string, body = ''): Answer => ({ html: `<!doctype html><h1>${title}</h1>${body}` });
const visits: Record<string, string>[] = [];

/** Another gatehouse than the page's own test has, of the same looks. */
export const robot: GuidePage = {
  file: 'docs/steps/robot.md',
  async start() {
    const form = (action: string, fields: string, button: string) => `<form ${action}>${fields}<button>${button}</button></form>`;
    const fields = (...names: string[]) => names.map((name) => `<label>${name} <input name="${name}"></label>`).join('');
    gatehouse = await startStandIn({
      'GET /': page('Visits', `${form('action="/found"', fields('Reference'), 'Search')}`),
      'GET /found': ({ query }) => {
        const own = visits.flatMap((visit, at) => (visit.Reference === query.Reference ? [`<tr><td>V-${at + 1}<td>${visit.Visitor}<td>${visit.Day}<td>${visit.Reference}</tr>`] : []));
        return page('Visits found', `<table aria-label="Visits">${own.join('')}</table><a href="/new">New visit</a>`);
      },
      'GET /new': page('New visit', form('method="post" action="/new"', fields('Visitor', 'Day', 'Reference'), 'Register')),
      'POST /new': ({ body }) => {
        visits.push(body as Record<string, string>);
        // It took effect, but the answer is lost: the next attempt must find it.
        return visits.length === 1 ? { status: 502, html: '<h1>Bad gateway</h1>' } : page('Visit registered');
      },
    });
    return { GATEHOUSE_URL: gatehouse.url };
  },
  stop: () => gatehouse.close(),
  tests(guide) {
    it('registers a visitor once though the answer was lost, and keeps a picture', async () => {
      const id = await guide().start('visit', { number: 'A', visitor: 'Ada', day: '2026-05-04' });
      const { output, steps } = await guide().until(id, ({ status }) => status !== 'running');
      expect(output).toEqual({ visitNumber: 'V-1' });
      expect(visits).toEqual([{ Visitor: 'Ada', Day: '2026-05-04', Reference: 'visit/A#1/registerVisitor' }]);
      expect(steps[0]?.visits).toMatchObject([{ attempts: 2, failure: { type: 'Unavailable' } }]);
      expect(steps[0]?.visits[0]?.evidence.map(({ name }) => name)).toEqual(expect.arrayContaining(['registerVisitor-1-failure.jpg', 'registerVisitor-2-visit.jpg']));
    });
  },
};
