using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class SessionStatistics : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "session_days",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    carried = table.Column<int>(type: "integer", nullable: false),
                    ended = table.Column<int>(type: "integer", nullable: false),
                    ended_seconds = table.Column<long>(type: "bigint", nullable: false),
                    customers = table.Column<int>(type: "integer", nullable: false),
                    uploaded_bytes = table.Column<long>(type: "bigint", nullable: false),
                    downloaded_bytes = table.Column<long>(type: "bigint", nullable: false),
                    endings = table.Column<string>(type: "jsonb", nullable: false, defaultValueSql: "'{}'"),
                    refusals = table.Column<string>(type: "jsonb", nullable: false, defaultValueSql: "'{}'"),
                    scope = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    router_id = table.Column<Guid>(type: "uuid", nullable: true),
                    package_id = table.Column<Guid>(type: "uuid", nullable: true),
                    begun = table.Column<int>(type: "integer", nullable: false),
                    online_seconds = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_session_days", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "session_hours",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    hour = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    online = table.Column<int[]>(type: "integer[]", nullable: false),
                    scope = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    router_id = table.Column<Guid>(type: "uuid", nullable: true),
                    package_id = table.Column<Guid>(type: "uuid", nullable: true),
                    begun = table.Column<int>(type: "integer", nullable: false),
                    online_seconds = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_session_hours", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_sessions_ended_at",
                table: "sessions",
                column: "ended_at")
                .Annotation("Npgsql:IndexMethod", "brin")
                .Annotation("Npgsql:StorageParameter:autosummarize", true);

            migrationBuilder.CreateIndex(
                name: "ix_session_days_tenant_id_scope_id",
                table: "session_days",
                columns: new[] { "tenant_id", "scope", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_session_hours_tenant_id_scope_id",
                table: "session_hours",
                columns: new[] { "tenant_id", "scope", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "session_days");

            migrationBuilder.DropTable(
                name: "session_hours");

            migrationBuilder.DropIndex(
                name: "ix_sessions_ended_at",
                table: "sessions");
        }
    }
}
