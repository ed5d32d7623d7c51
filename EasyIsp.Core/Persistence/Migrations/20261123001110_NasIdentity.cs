using System;
using System.Net;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class NasIdentity : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "previous_secret",
                table: "routers",
                type: "bytea",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "previous_secret_until",
                table: "routers",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "secret_used_since",
                table: "routers",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<IPNetwork[]>(
                name: "source_networks",
                table: "routers",
                type: "cidr[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<IPAddress>(
                name: "tunnel_address",
                table: "routers",
                type: "inet",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "uses_previous_secret",
                table: "routers",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "router_certificates",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    router_id = table.Column<Guid>(type: "uuid", nullable: false),
                    serial_number = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    fingerprint = table.Column<byte[]>(type: "bytea", nullable: false),
                    issued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_router_certificates", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_router_certificates_routers_tenant_id_router_id",
                        columns: x => new { x.tenant_id, x.router_id },
                        principalTable: "routers",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_router_certificates_tenant_id_router_id",
                table: "router_certificates",
                columns: new[] { "tenant_id", "router_id" });

            migrationBuilder.Sql(SqlFile.Read("NasIdentity"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                drop trigger know_router on routers;
                create or replace function know_router() returns trigger language plpgsql security definer
                  set search_path = public, pg_temp as $$
                begin
                  delete from unknown_routers where address = new.address;
                  return null;
                end $$;
                create trigger know_router after insert or update of address, archived_at on routers
                  for each row when (new.archived_at is null) execute function know_router();
                """);

            migrationBuilder.DropTable(
                name: "router_certificates");

            migrationBuilder.DropColumn(
                name: "previous_secret",
                table: "routers");

            migrationBuilder.DropColumn(
                name: "previous_secret_until",
                table: "routers");

            migrationBuilder.DropColumn(
                name: "secret_used_since",
                table: "routers");

            migrationBuilder.DropColumn(
                name: "source_networks",
                table: "routers");

            migrationBuilder.DropColumn(
                name: "tunnel_address",
                table: "routers");

            migrationBuilder.DropColumn(
                name: "uses_previous_secret",
                table: "routers");
        }
    }
}
