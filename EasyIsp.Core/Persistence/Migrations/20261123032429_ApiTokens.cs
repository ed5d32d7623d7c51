using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class ApiTokens : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "recorded_at",
                table: "sessions",
                type: "timestamp with time zone",
                nullable: false,
                defaultValueSql: "'epoch'");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "recorded_at",
                table: "open_sessions",
                type: "timestamp with time zone",
                nullable: false,
                defaultValueSql: "'epoch'");

            migrationBuilder.CreateTable(
                name: "api_tokens",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    hint = table.Column<string>(type: "character varying(11)", maxLength: 11, nullable: false),
                    permissions = table.Column<string[]>(type: "text[]", nullable: false),
                    made_by = table.Column<Guid>(type: "uuid", nullable: false),
                    made_by_name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_tokens", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "api_token_keys",
                columns: table => new
                {
                    digest = table.Column<byte[]>(type: "bytea", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    token_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_token_keys", x => x.digest);
                    table.ForeignKey(
                        name: "fk_api_token_keys_api_tokens_tenant_id_token_id",
                        columns: x => new { x.tenant_id, x.token_id },
                        principalTable: "api_tokens",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_api_token_keys_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_sessions_recorded_at",
                table: "sessions",
                column: "recorded_at")
                .Annotation("Npgsql:IndexMethod", "brin");

            migrationBuilder.CreateIndex(
                name: "ix_api_token_keys_tenant_id_token_id",
                table: "api_token_keys",
                columns: new[] { "tenant_id", "token_id" });

            migrationBuilder.Sql(SqlFile.Read("ApiTokens"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "api_token_keys");

            migrationBuilder.DropTable(
                name: "api_tokens");

            migrationBuilder.Sql("drop function announce_token_change()");

            migrationBuilder.DropIndex(
                name: "ix_sessions_recorded_at",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "recorded_at",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "recorded_at",
                table: "open_sessions");
        }
    }
}
