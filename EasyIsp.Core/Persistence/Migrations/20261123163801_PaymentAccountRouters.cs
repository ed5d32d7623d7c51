using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class PaymentAccountRouters : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "payment_account_routers",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    payment_account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    router_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_payment_account_routers", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_payment_account_routers_payment_accounts_tenant_id_payment_",
                        columns: x => new { x.tenant_id, x.payment_account_id },
                        principalTable: "payment_accounts",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_payment_account_routers_routers_tenant_id_router_id",
                        columns: x => new { x.tenant_id, x.router_id },
                        principalTable: "routers",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_payment_account_routers_tenant_id_payment_account_id_router",
                table: "payment_account_routers",
                columns: new[] { "tenant_id", "payment_account_id", "router_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_payment_account_routers_tenant_id_router_id",
                table: "payment_account_routers",
                columns: new[] { "tenant_id", "router_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "payment_account_routers");
        }
    }
}
