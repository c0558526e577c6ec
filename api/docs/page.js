/* global SwaggerUIBundle */
// Runs in the browser. The page itself says nothing about this installation; the document is fetched with the reader's own token.
const form = document.querySelector('#ask');
const field = document.querySelector('#token');
const refused = document.querySelector('#refused');
const kept = 'throughline.token';

async function show(token) {
  const authorization = `Bearer ${token}`;
  const answer = await fetch('/api/openapi.json', { headers: { authorization } });
  const body = await answer.json();
  if (!answer.ok) {
    sessionStorage.removeItem(kept);
    refused.textContent = body.detail;
    return;
  }
  sessionStorage.setItem(kept, token);
  form.hidden = true;
  SwaggerUIBundle({
    spec: body,
    dom_id: '#docs',
    deepLinking: true,
    requestInterceptor: (request) => ({ ...request, headers: { ...request.headers, Authorization: authorization } }),
  });
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  show(field.value.trim());
});

const before = sessionStorage.getItem(kept);
if (before !== null) show(before);
