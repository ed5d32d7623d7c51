using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class PaymentsForPrograms : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_payments_tenant_id_payment_account_id",
                table: "payments");

            migrationBuilder.CreateIndex(
                name: "ix_payments_given_back",
                table: "payments",
                columns: new[] { "tenant_id", "recorded_at" },
                filter: "given_back > 0");

            migrationBuilder.CreateIndex(
                name: "ix_payments_tenant_id_payment_account_id_recorded_at",
                table: "payments",
                columns: new[] { "tenant_id", "payment_account_id", "recorded_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_payments_given_back",
                table: "payments");

            migrationBuilder.DropIndex(
                name: "ix_payments_tenant_id_payment_account_id_recorded_at",
                table: "payments");

            migrationBuilder.CreateIndex(
                name: "ix_payments_tenant_id_payment_account_id",
                table: "payments",
                columns: new[] { "tenant_id", "payment_account_id" });
        }
    }
}
