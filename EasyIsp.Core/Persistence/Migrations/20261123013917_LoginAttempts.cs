using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class LoginAttempts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "login_attempts",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    router_id = table.Column<Guid>(type: "uuid", nullable: false),
                    customer_id = table.Column<Guid>(type: "uuid", nullable: true),
                    user_name = table.Column<string>(type: "character varying(253)", maxLength: 253, nullable: false),
                    user_key = table.Column<string>(type: "text", nullable: false, computedColumnSql: "lower(user_name)", stored: true, collation: "C"),
                    mac_address = table.Column<string>(type: "character varying(17)", maxLength: 17, nullable: true),
                    nas_port = table.Column<string>(type: "character varying(253)", maxLength: 253, nullable: true),
                    access_type = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    method = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    refusal = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    is_limited = table.Column<bool>(type: "boolean", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    times = table.Column<int>(type: "integer", nullable: false),
                    took = table.Column<TimeSpan>(type: "interval", nullable: false),
                    left_out = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_login_attempts", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateIndex(
                name: "ix_login_attempts_customer_id",
                table: "login_attempts",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "ix_login_attempts_mac_address",
                table: "login_attempts",
                column: "mac_address");

            migrationBuilder.CreateIndex(
                name: "ix_login_attempts_tenant_id_user_key",
                table: "login_attempts",
                columns: new[] { "tenant_id", "user_key" });

            migrationBuilder.Sql(SqlFile.Read("LoginAttempts"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop function forget_login_attempts(timestamptz)");

            migrationBuilder.DropTable(
                name: "login_attempts");
        }
    }
}
