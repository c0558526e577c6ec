# Two images from one build: `throughline` runs the API and every worker that needs no browser, `throughline-bots` adds Chromium.
# docker compose build (see docs/operating.md)
ARG NODE_IMAGE=node:24.11.1-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
# The types were checked by npm run verify, which needs the tests; they are not sent here.
RUN node --import tsx verify/build.ts

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev

FROM ${NODE_IMAGE} AS throughline
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/package.json package.json
COPY --from=build /app/dist dist
# A volume takes over the owner of the directory that it is mounted on. The workflow bundle is made in the cache.
RUN mkdir -p /data/documents /data/api /data/bundles dist/node_modules/.cache && chown -R node:node /data dist/node_modules
USER node
CMD ["node", "dist/api/main.js"]

FROM throughline AS throughline-bots
USER root
RUN apt-get update \
  && apt-get install --yes --no-install-recommends chromium fonts-liberation \
  && rm -rf /var/lib/apt/lists/*
# Chromium writes into its home, and everything but /tmp is read-only.
ENV THROUGHLINE_BROWSER=/usr/bin/chromium HOME=/tmp
USER node
CMD ["node", "dist/workers/main.js"]
