# An image of the program alone, from a release's archive in dist/. See docs/ci.md.
FROM scratch AS archive
ARG TARGET=x86_64-unknown-linux-musl
ADD dist/openclaw-portkey-*-${TARGET}.tar.gz /

FROM scratch
COPY --from=archive /openclaw-portkey-*/openclaw-portkey /
WORKDIR /w
ENTRYPOINT ["/openclaw-portkey"]
CMD ["lint", "."]
