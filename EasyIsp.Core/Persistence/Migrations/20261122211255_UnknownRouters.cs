using System;
using System.Net;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class UnknownRouters : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "unknown_routers",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    address = table.Column<IPAddress>(type: "inet", nullable: false),
                    nas_identifier = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    login_packets = table.Column<long>(type: "bigint", nullable: false),
                    accounting_packets = table.Column<long>(type: "bigint", nullable: false),
                    first_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_unknown_routers", x => x.id);
                });

            migrationBuilder.Sql(SqlFile.Read("UnknownRouters"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop trigger know_router on routers; drop function know_router();");
            migrationBuilder.DropTable(
                name: "unknown_routers");
            migrationBuilder.Sql("drop function announce_unknown_routers();");
        }
    }
}
