using System;
using System.Net;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class SharedLimits : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "has_check_letter",
                table: "voucher_batches",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "guessing_alarms",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    raised_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    by = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    wrong_codes = table.Column<int>(type: "integer", nullable: false),
                    mac_address = table.Column<string>(type: "character varying(17)", maxLength: 17, nullable: true),
                    address = table.Column<IPAddress>(type: "inet", nullable: true),
                    router_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_guessing_alarms", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_guessing_alarms_routers_tenant_id_router_id",
                        columns: x => new { x.tenant_id, x.router_id },
                        principalTable: "routers",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "limit_buckets",
                columns: table => new
                {
                    key = table.Column<byte[]>(type: "bytea", nullable: false),
                    rule = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    full_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    told_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    paused_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_limit_buckets", x => x.key);
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 60)
                .Annotation("Npgsql:UnloggedTable", true);

            migrationBuilder.CreateIndex(
                name: "ix_guessing_alarms_tenant_id_router_id",
                table: "guessing_alarms",
                columns: new[] { "tenant_id", "router_id" });

            migrationBuilder.Sql(SqlFile.Read("Limits"));
            migrationBuilder.Sql(SqlFile.Read("GuessingAlarms"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop function take_tries, count_failures");

            migrationBuilder.DropTable(
                name: "guessing_alarms");

            migrationBuilder.DropTable(
                name: "limit_buckets");

            migrationBuilder.DropColumn(
                name: "has_check_letter",
                table: "voucher_batches");
        }
    }
}
