using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Refunds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_purchases",
                table: "purchases");

            migrationBuilder.DropIndex(
                name: "ix_payments_suspense",
                table: "payments");

            migrationBuilder.AddColumn<decimal>(
                name: "refund_limit",
                table: "tenants",
                type: "numeric(19,4)",
                precision: 19,
                scale: 4,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "taken_back_at",
                table: "purchases",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "given_back",
                table: "payments",
                type: "numeric(19,4)",
                precision: 19,
                scale: 4,
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddPrimaryKey(
                name: "ak_purchases_tenant_id_id",
                table: "purchases",
                columns: new[] { "tenant_id", "id" });

            migrationBuilder.CreateTable(
                name: "refunds",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    payment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    customer_id = table.Column<Guid>(type: "uuid", nullable: true),
                    purchase_id = table.Column<Guid>(type: "uuid", nullable: true),
                    amount = table.Column<decimal>(type: "numeric(19,4)", precision: 19, scale: 4, nullable: false),
                    way = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    phone = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    reason = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    state = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    asked_by = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    asked_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    decided_by = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: true),
                    decision_note = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    result = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    receipt = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("ak_refunds_tenant_id_id", x => new { x.tenant_id, x.id });
                    table.CheckConstraint("ck_refunds_amount", "amount > 0");
                    table.CheckConstraint("ck_refunds_phone", "(way = 'Payout') = (phone is not null)");
                    table.ForeignKey(
                        name: "fk_refunds_customers_tenant_id_customer_id",
                        columns: x => new { x.tenant_id, x.customer_id },
                        principalTable: "customers",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_refunds_payments_tenant_id_payment_id",
                        columns: x => new { x.tenant_id, x.payment_id },
                        principalTable: "payments",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_refunds_purchases_tenant_id_purchase_id",
                        columns: x => new { x.tenant_id, x.purchase_id },
                        principalTable: "purchases",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "refund_steps",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    refund_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_refund_steps", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_refund_steps_refunds_tenant_id_refund_id",
                        columns: x => new { x.tenant_id, x.refund_id },
                        principalTable: "refunds",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_payments_suspense",
                table: "payments",
                columns: new[] { "tenant_id", "paid_at" },
                filter: "customer_id is null and same_as_id is null and given_back = 0");

            migrationBuilder.AddCheckConstraint(
                name: "ck_payments_given_back",
                table: "payments",
                sql: "given_back >= 0");

            migrationBuilder.CreateIndex(
                name: "ix_refund_steps_tenant_id_refund_id",
                table: "refund_steps",
                columns: new[] { "tenant_id", "refund_id" });

            migrationBuilder.CreateIndex(
                name: "ix_refunds_tenant_id_asked_at",
                table: "refunds",
                columns: new[] { "tenant_id", "asked_at" });

            migrationBuilder.CreateIndex(
                name: "ix_refunds_tenant_id_customer_id",
                table: "refunds",
                columns: new[] { "tenant_id", "customer_id" });

            migrationBuilder.CreateIndex(
                name: "ix_refunds_tenant_id_payment_id",
                table: "refunds",
                columns: new[] { "tenant_id", "payment_id" });

            migrationBuilder.CreateIndex(
                name: "ix_refunds_tenant_id_purchase_id",
                table: "refunds",
                columns: new[] { "tenant_id", "purchase_id" },
                unique: true,
                filter: "purchase_id is not null and state <> 'Declined'");

            migrationBuilder.CreateIndex(
                name: "ix_refunds_tenant_id_state_asked_at",
                table: "refunds",
                columns: new[] { "tenant_id", "state", "asked_at" },
                filter: "state in ('Asked', 'Underway')");

            migrationBuilder.Sql(SqlFile.Read("Refunds"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "refund_steps");

            migrationBuilder.DropTable(
                name: "refunds");

            migrationBuilder.DropPrimaryKey(
                name: "ak_purchases_tenant_id_id",
                table: "purchases");

            migrationBuilder.DropIndex(
                name: "ix_payments_suspense",
                table: "payments");

            migrationBuilder.DropCheckConstraint(
                name: "ck_payments_given_back",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "refund_limit",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "taken_back_at",
                table: "purchases");

            migrationBuilder.DropColumn(
                name: "given_back",
                table: "payments");

            migrationBuilder.AddPrimaryKey(
                name: "pk_purchases",
                table: "purchases",
                columns: new[] { "tenant_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_payments_suspense",
                table: "payments",
                columns: new[] { "tenant_id", "paid_at" },
                filter: "customer_id is null and same_as_id is null");
        }
    }
}
