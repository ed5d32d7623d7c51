using System;
using System.Net;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class MoneySms : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "forwarding_phones",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    payment_account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    key = table.Column<byte[]>(type: "bytea", nullable: true),
                    address_key = table.Column<byte[]>(type: "bytea", nullable: true),
                    senders = table.Column<string[]>(type: "text[]", nullable: false),
                    made_by = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_heard_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_refused_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_refusal = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("ak_forwarding_phones_tenant_id_id", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_forwarding_phones_payment_accounts_tenant_id_payment_accoun",
                        columns: x => new { x.tenant_id, x.payment_account_id },
                        principalTable: "payment_accounts",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "money_sms_policies",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    payment_account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    books = table.Column<string[]>(type: "text[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_money_sms_policies", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_money_sms_policies_payment_accounts_tenant_id_payment_accou",
                        columns: x => new { x.tenant_id, x.payment_account_id },
                        principalTable: "payment_accounts",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "money_sms_templates",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    text = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    sender = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    meaning = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_money_sms_templates", x => new { x.tenant_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "forwarding_addresses",
                columns: table => new
                {
                    digest = table.Column<byte[]>(type: "bytea", nullable: false),
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    phone_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_forwarding_addresses", x => x.digest);
                    table.ForeignKey(
                        name: "fk_forwarding_addresses_forwarding_phones_tenant_id_phone_id",
                        columns: x => new { x.tenant_id, x.phone_id },
                        principalTable: "forwarding_phones",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_forwarding_addresses_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "money_sms",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    source = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    phone_id = table.Column<Guid>(type: "uuid", nullable: true),
                    payment_account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    pasted_by = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: true),
                    sender = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    body = table.Column<byte[]>(type: "bytea", nullable: true),
                    text = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    digest = table.Column<byte[]>(type: "bytea", nullable: false),
                    came_from = table.Column<IPAddress>(type: "inet", nullable: true),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    deliveries = table.Column<int>(type: "integer", nullable: false),
                    processed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    outcome = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    note = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    kind = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    template_id = table.Column<Guid>(type: "uuid", nullable: true),
                    receipt = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    amount = table.Column<decimal>(type: "numeric(19,4)", precision: 19, scale: 4, nullable: true),
                    payer_name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: true),
                    payer_number = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    typed_account = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    said_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    original_receipt = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    booked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    confirmed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    put_away_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    put_away_by = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: true),
                    put_away_reason = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_money_sms", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_money_sms_forwarding_phones_tenant_id_phone_id",
                        columns: x => new { x.tenant_id, x.phone_id },
                        principalTable: "forwarding_phones",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_money_sms_payment_accounts_tenant_id_payment_account_id",
                        columns: x => new { x.tenant_id, x.payment_account_id },
                        principalTable: "payment_accounts",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "used_signatures",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    phone_id = table.Column<Guid>(type: "uuid", nullable: false),
                    nonce = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_used_signatures", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_used_signatures_forwarding_phones_tenant_id_phone_id",
                        columns: x => new { x.tenant_id, x.phone_id },
                        principalTable: "forwarding_phones",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_forwarding_addresses_tenant_id_phone_id",
                table: "forwarding_addresses",
                columns: new[] { "tenant_id", "phone_id" });

            migrationBuilder.CreateIndex(
                name: "ix_forwarding_phones_tenant_id_payment_account_id",
                table: "forwarding_phones",
                columns: new[] { "tenant_id", "payment_account_id" });

            migrationBuilder.CreateIndex(
                name: "ix_money_sms_kept",
                table: "money_sms",
                column: "received_at",
                filter: "body is not null");

            migrationBuilder.CreateIndex(
                name: "ix_money_sms_once",
                table: "money_sms",
                columns: new[] { "tenant_id", "digest", "sender" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_money_sms_tenant_id_original_receipt",
                table: "money_sms",
                columns: new[] { "tenant_id", "original_receipt" },
                filter: "original_receipt is not null");

            migrationBuilder.CreateIndex(
                name: "ix_money_sms_tenant_id_outcome_received_at",
                table: "money_sms",
                columns: new[] { "tenant_id", "outcome", "received_at" },
                filter: "put_away_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_money_sms_tenant_id_payment_account_id",
                table: "money_sms",
                columns: new[] { "tenant_id", "payment_account_id" });

            migrationBuilder.CreateIndex(
                name: "ix_money_sms_tenant_id_phone_id",
                table: "money_sms",
                columns: new[] { "tenant_id", "phone_id" });

            migrationBuilder.CreateIndex(
                name: "ix_money_sms_tenant_id_receipt",
                table: "money_sms",
                columns: new[] { "tenant_id", "receipt" });

            migrationBuilder.CreateIndex(
                name: "ix_money_sms_tenant_id_received_at",
                table: "money_sms",
                columns: new[] { "tenant_id", "received_at" });

            migrationBuilder.CreateIndex(
                name: "ix_money_sms_unconfirmed",
                table: "money_sms",
                column: "received_at",
                filter: "confirmed_at is null and outcome in ('Hint', 'Held', 'Booked')");

            migrationBuilder.CreateIndex(
                name: "ix_money_sms_unread",
                table: "money_sms",
                column: "received_at",
                filter: "processed_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_money_sms_policies_tenant_id_payment_account_id",
                table: "money_sms_policies",
                columns: new[] { "tenant_id", "payment_account_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_used_signatures_at",
                table: "used_signatures",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_used_signatures_once",
                table: "used_signatures",
                columns: new[] { "tenant_id", "phone_id", "nonce" },
                unique: true);

            migrationBuilder.Sql(SqlFile.Read("MoneySms"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "forwarding_addresses");

            migrationBuilder.DropTable(
                name: "money_sms");

            migrationBuilder.DropTable(
                name: "money_sms_policies");

            migrationBuilder.DropTable(
                name: "money_sms_templates");

            migrationBuilder.DropTable(
                name: "used_signatures");

            migrationBuilder.DropTable(
                name: "forwarding_phones");

            migrationBuilder.Sql("drop function announce_forwarding_phone_change()");
        }
    }
}
