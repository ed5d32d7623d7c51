using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class ProviderOrders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "provider_order_id",
                table: "provider_messages",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "initiators",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    payment_account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    password = table.Column<byte[]>(type: "bytea", nullable: false),
                    certificate = table.Column<byte[]>(type: "bytea", nullable: false),
                    set_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    proved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_initiators", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_initiators_payment_accounts_tenant_id_payment_account_id",
                        columns: x => new { x.tenant_id, x.payment_account_id },
                        principalTable: "payment_accounts",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "provider_orders",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    payment_account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    cause_id = table.Column<Guid>(type: "uuid", nullable: true),
                    receipt = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    amount = table.Column<decimal>(type: "numeric(19,4)", precision: 19, scale: 4, nullable: true),
                    phone = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    remarks = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    by = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    state = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    conversation_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    originator_conversation_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    result_code = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    result_text = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    result_receipt = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    answer = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    submitted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    next_look_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    looks = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_provider_orders", x => new { x.tenant_id, x.id });
                    table.CheckConstraint("ck_provider_orders_money", "case kind when 'Reversal' then amount > 0 and receipt is not null when 'Payout' then amount > 0 and phone is not null else amount is null end");
                    table.ForeignKey(
                        name: "fk_provider_orders_payment_accounts_tenant_id_payment_account_",
                        columns: x => new { x.tenant_id, x.payment_account_id },
                        principalTable: "payment_accounts",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_provider_messages_tenant_id_provider_order_id",
                table: "provider_messages",
                columns: new[] { "tenant_id", "provider_order_id" });

            migrationBuilder.CreateIndex(
                name: "ix_initiators_tenant_id_payment_account_id",
                table: "initiators",
                columns: new[] { "tenant_id", "payment_account_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_provider_orders_created_at",
                table: "provider_orders",
                column: "created_at",
                filter: "state in ('Created', 'Submitting')");

            migrationBuilder.CreateIndex(
                name: "ix_provider_orders_next_look_at",
                table: "provider_orders",
                column: "next_look_at",
                filter: "next_look_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_provider_orders_tenant_id_cause_id",
                table: "provider_orders",
                columns: new[] { "tenant_id", "cause_id" });

            migrationBuilder.CreateIndex(
                name: "ix_provider_orders_tenant_id_payment_account_id_kind_created_at",
                table: "provider_orders",
                columns: new[] { "tenant_id", "payment_account_id", "kind", "created_at" });

            migrationBuilder.AddForeignKey(
                name: "fk_provider_messages_provider_orders_tenant_id_provider_order_",
                table: "provider_messages",
                columns: new[] { "tenant_id", "provider_order_id" },
                principalTable: "provider_orders",
                principalColumns: new[] { "tenant_id", "id" },
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.Sql(SqlFile.Read("ProviderOrders"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_provider_messages_provider_orders_tenant_id_provider_order_",
                table: "provider_messages");

            migrationBuilder.DropTable(
                name: "initiators");

            migrationBuilder.DropTable(
                name: "provider_orders");

            migrationBuilder.DropIndex(
                name: "ix_provider_messages_tenant_id_provider_order_id",
                table: "provider_messages");

            migrationBuilder.DropColumn(
                name: "provider_order_id",
                table: "provider_messages");
        }
    }
}
