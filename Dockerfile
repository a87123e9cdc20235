# CodeCollab with languages inside.
#
#   docker build -t codecollab .                                   the core set
#   docker build -t codecollab --build-arg LANGUAGES=all .         everything that Debian 13, npm and Go have
#   docker build -t codecollab --build-arg LANGUAGES="python c" .  some
#
# docs/deploy.md says how to run it: the sandbox needs three options that Docker does not give by itself.

FROM node:22-trixie-slim AS page
WORKDIR /src
COPY web/ web/
RUN cd web && npm ci --ignore-scripts --no-audit --no-fund && npm run --silent build && vscode/scripts/vsix.sh

FROM golang:1.26-trixie AS build
ARG VERSION=docker
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=page /src/web/app/dist/ web/app/dist/
COPY --from=page /src/web/vscode/dist/ web/vscode/dist/
RUN CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w -X main.version=$VERSION" -o /codecollab ./cmd/codecollab

FROM debian:trixie-slim
ARG LANGUAGES=core
COPY --from=build /codecollab /usr/local/bin/codecollab
# The image is the environment: Debian's packages go into it, what npm and Go bring into /var/cache/codecollab/tools. npm itself is then
# not needed any more.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && case "$LANGUAGES" in core|all) set -- "--$LANGUAGES" ;; *) set -- $LANGUAGES ;; esac \
 && codecollab languages install --host --yes "$@" \
 && apt-get purge -y --auto-remove npm \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log
VOLUME /var/lib/codecollab
EXPOSE 8080
# Voice and its relay: docs/voice.md
EXPOSE 7882/udp 7882/tcp 3478/udp 3478/tcp
ENTRYPOINT ["/usr/local/bin/codecollab"]
CMD ["serve", "--addr", ":8080", "--data", "/var/lib/codecollab"]
