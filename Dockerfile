# One image, three entry points: web, portal, radius.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
SHELL ["/bin/bash", "-euc"]
COPY . .
RUN for project in Web Portal Radius; do \
      dotnet restore --locked-mode "EasyIsp.$project"; \
      dotnet publish --no-restore -c Release -o "/out/${project,,}" "EasyIsp.$project"; \
    done

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /out /app
COPY scripts/common.sh /app/common.sh
COPY --chmod=755 scripts/container.sh /usr/local/bin/easyisp
# A new volume takes over this directory's owner, so that the process may write its secrets there.
RUN install -d -o "$APP_UID" -m 700 /secrets /spool
ENV Prepare__SecretsPath=/secrets ASPNETCORE_HTTP_PORTS=8080
USER $APP_UID
EXPOSE 8080 1812/udp 1813/udp
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["easyisp", "ready"]
ENTRYPOINT ["easyisp"]
CMD ["web"]
