import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { notFound } from '../../contracts/failures.ts';
import { type Answer, answer } from '../http/answer.ts';

export interface Docs {
  page(): Promise<Answer>;
  /** @throws NotFound */
  file(name: string): Promise<Answer>;
  openApi(): object;
}

const here = dirname(fileURLToPath(import.meta.url));
const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const files: ReadonlyMap<string, { readonly path: string; readonly mediaType: string }> = new Map([
  ['page.js', { path: join(here, 'page.js'), mediaType: 'text/javascript; charset=utf-8' }],
  ['swagger-ui-bundle.js', { path: join(swaggerUi, 'swagger-ui-bundle.js'), mediaType: 'text/javascript; charset=utf-8' }],
  ['swagger-ui.css', { path: join(swaggerUi, 'swagger-ui.css'), mediaType: 'text/css; charset=utf-8' }],
]);

/** Only what comes from here runs; Swagger UI sets styles in place, and has its pictures in its style sheet. */
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

export function createDocs({ openApi }: { openApi: () => object }): Docs {
  return {
    async page() {
      const body = await readFile(join(here, 'page.html'), 'utf8');
      return answer({ headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy }, body });
    },
    async file(name) {
      const file = files.get(name);
      if (!file) throw notFound(`there is no "${name}" here; the page is /api/docs`);
      return answer({ headers: { 'content-type': file.mediaType }, body: await readFile(file.path) });
    },
    openApi,
  };
}
