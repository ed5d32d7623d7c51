using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class C2b : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "kind",
                table: "provider_messages",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "Callback");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "put_away_at",
                table: "provider_messages",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "put_away_by",
                table: "provider_messages",
                type: "character varying(120)",
                maxLength: 120,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "put_away_reason",
                table: "provider_messages",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "receipt",
                table: "provider_messages",
                type: "character varying(20)",
                maxLength: 20,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "payer_name",
                table: "payments",
                type: "character varying(120)",
                maxLength: 120,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "payer_number",
                table: "payments",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "same_as_id",
                table: "payments",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "typed_account",
                table: "payments",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "reference",
                table: "payment_requests",
                type: "character varying(12)",
                maxLength: 12,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "confirmed_since",
                table: "payment_accounts",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "deposits",
                table: "payment_accounts",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "KeepInWallet");

            migrationBuilder.AddColumn<string>(
                name: "validation",
                table: "payment_accounts",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "AcceptAll");

            migrationBuilder.CreateTable(
                name: "allocations",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    payment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    customer_id = table.Column<Guid>(type: "uuid", nullable: true),
                    kind = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    reason = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    by = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_allocations", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_allocations_customers_tenant_id_customer_id",
                        columns: x => new { x.tenant_id, x.customer_id },
                        principalTable: "customers",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_allocations_payments_tenant_id_payment_id",
                        columns: x => new { x.tenant_id, x.payment_id },
                        principalTable: "payments",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_provider_messages_tenant_id_receipt",
                table: "provider_messages",
                columns: new[] { "tenant_id", "receipt" });

            migrationBuilder.CreateIndex(
                name: "ix_payments_deposits",
                table: "payments",
                columns: new[] { "tenant_id", "paid_at" },
                filter: "payment_request_id is null");

            migrationBuilder.CreateIndex(
                name: "ix_payments_suspense",
                table: "payments",
                columns: new[] { "tenant_id", "paid_at" },
                filter: "customer_id is null and same_as_id is null");

            migrationBuilder.CreateIndex(
                name: "ix_payments_tenant_id_amount",
                table: "payments",
                columns: new[] { "tenant_id", "amount" },
                filter: "receipt is null and same_as_id is null");

            migrationBuilder.CreateIndex(
                name: "ix_payments_tenant_id_same_as_id",
                table: "payments",
                columns: new[] { "tenant_id", "same_as_id" });

            migrationBuilder.AddCheckConstraint(
                name: "ck_payments_same_as",
                table: "payments",
                sql: "same_as_id is null or (customer_id is null and payment_request_id is null and receipt is null)");

            migrationBuilder.CreateIndex(
                name: "ix_payment_requests_tenant_id_reference",
                table: "payment_requests",
                columns: new[] { "tenant_id", "reference" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_allocations_tenant_id_customer_id",
                table: "allocations",
                columns: new[] { "tenant_id", "customer_id" });

            migrationBuilder.CreateIndex(
                name: "ix_allocations_tenant_id_payment_id",
                table: "allocations",
                columns: new[] { "tenant_id", "payment_id" });

            migrationBuilder.AddForeignKey(
                name: "fk_payments_payments_tenant_id_same_as_id",
                table: "payments",
                columns: new[] { "tenant_id", "same_as_id" },
                principalTable: "payments",
                principalColumns: new[] { "tenant_id", "id" },
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.Sql(SqlFile.Read("C2b"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_payments_payments_tenant_id_same_as_id",
                table: "payments");

            migrationBuilder.DropTable(
                name: "allocations");

            migrationBuilder.DropIndex(
                name: "ix_provider_messages_tenant_id_receipt",
                table: "provider_messages");

            migrationBuilder.DropIndex(
                name: "ix_payments_deposits",
                table: "payments");

            migrationBuilder.DropIndex(
                name: "ix_payments_suspense",
                table: "payments");

            migrationBuilder.DropIndex(
                name: "ix_payments_tenant_id_amount",
                table: "payments");

            migrationBuilder.DropIndex(
                name: "ix_payments_tenant_id_same_as_id",
                table: "payments");

            migrationBuilder.DropCheckConstraint(
                name: "ck_payments_same_as",
                table: "payments");

            migrationBuilder.DropIndex(
                name: "ix_payment_requests_tenant_id_reference",
                table: "payment_requests");

            migrationBuilder.DropColumn(
                name: "kind",
                table: "provider_messages");

            migrationBuilder.DropColumn(
                name: "put_away_at",
                table: "provider_messages");

            migrationBuilder.DropColumn(
                name: "put_away_by",
                table: "provider_messages");

            migrationBuilder.DropColumn(
                name: "put_away_reason",
                table: "provider_messages");

            migrationBuilder.DropColumn(
                name: "receipt",
                table: "provider_messages");

            migrationBuilder.DropColumn(
                name: "payer_name",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "payer_number",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "same_as_id",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "typed_account",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "reference",
                table: "payment_requests");

            migrationBuilder.DropColumn(
                name: "confirmed_since",
                table: "payment_accounts");

            migrationBuilder.DropColumn(
                name: "deposits",
                table: "payment_accounts");

            migrationBuilder.DropColumn(
                name: "validation",
                table: "payment_accounts");
        }
    }
}
