# One image for every service; which one a container is, its command says. See docs/distributed.md.
#
# Node comes from the base image, in the very version that package.json brings for development, so that no install script
# has to run and only one Node lies in the image. Debian rather than Alpine: it is what the tests run on, native parts
# included.

FROM node:26.10.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY apps ./apps
COPY libs ./libs
RUN npm run build

FROM node:26.10.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev

FROM node:26.10.0-bookworm-slim
LABEL org.opencontainers.image.title="Huiying" \
      org.opencontainers.image.description="Answers a county owes its public, and every promise in them followed until it is kept"
ENV NODE_ENV=production
# Nothing installs anything here. A new volume takes owner and mode of the folder that it is mounted over.
RUN rm -rf /usr/local/lib/node_modules/npm /usr/local/bin/npm /usr/local/bin/npx \
 && groupadd --system --gid 10001 huiying \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin huiying \
 && install --directory --owner=10001 --group=10001 --mode=0700 /data /keys
WORKDIR /app
COPY package.json ./
COPY libs/application/packs ./libs/application/packs
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# By number, which whoever forbids root can check without looking into the image.
USER 10001:10001
EXPOSE 3000 9464
STOPSIGNAL SIGTERM
# Health checks differ from service to service and stand in docker-compose.yml.
ENTRYPOINT []
CMD ["node", "dist/apps/gateway/src/main.js"]
