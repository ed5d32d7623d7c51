using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Statements : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "register_again_by",
                table: "payment_accounts",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "valid_until",
                table: "callback_addresses",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "receipt_claims",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    receipt = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    origin_id = table.Column<Guid>(type: "uuid", nullable: true),
                    by = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    state = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    payment_id = table.Column<Guid>(type: "uuid", nullable: true),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_receipt_claims", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_receipt_claims_payments_tenant_id_payment_id",
                        columns: x => new { x.tenant_id, x.payment_id },
                        principalTable: "payments",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "statement_lines",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    payment_account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    receipt = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    amount = table.Column<decimal>(type: "numeric(19,4)", precision: 19, scale: 4, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    account = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    payer_number = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    kind = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    source = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    outcome = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    note = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_statement_lines", x => new { x.tenant_id, x.id });
                    table.CheckConstraint("ck_statement_lines_amount", "amount > 0");
                    table.ForeignKey(
                        name: "fk_statement_lines_payment_accounts_tenant_id_payment_account_",
                        columns: x => new { x.tenant_id, x.payment_account_id },
                        principalTable: "payment_accounts",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "statement_pulls",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    payment_account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    nominated_number = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    registered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    by_get = table.Column<bool>(type: "boolean", nullable: false),
                    zone = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    zone_doubted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    pulled_to = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    failed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    failure = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_statement_pulls", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_statement_pulls_payment_accounts_tenant_id_payment_account_",
                        columns: x => new { x.tenant_id, x.payment_account_id },
                        principalTable: "payment_accounts",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_receipt_claims_tenant_id_asked_at",
                table: "receipt_claims",
                columns: new[] { "tenant_id", "asked_at" });

            migrationBuilder.CreateIndex(
                name: "ix_receipt_claims_tenant_id_payment_id",
                table: "receipt_claims",
                columns: new[] { "tenant_id", "payment_id" });

            migrationBuilder.CreateIndex(
                name: "ix_receipt_claims_tenant_id_receipt_asked_at",
                table: "receipt_claims",
                columns: new[] { "tenant_id", "receipt", "asked_at" });

            migrationBuilder.CreateIndex(
                name: "ix_statement_lines_tenant_id_payment_account_id_at",
                table: "statement_lines",
                columns: new[] { "tenant_id", "payment_account_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_statement_lines_tenant_id_payment_account_id_receipt",
                table: "statement_lines",
                columns: new[] { "tenant_id", "payment_account_id", "receipt" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_statement_pulls_tenant_id_payment_account_id",
                table: "statement_pulls",
                columns: new[] { "tenant_id", "payment_account_id" },
                unique: true);

            migrationBuilder.Sql(SqlFile.Read("Statements"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "receipt_claims");

            migrationBuilder.DropTable(
                name: "statement_lines");

            migrationBuilder.DropTable(
                name: "statement_pulls");

            migrationBuilder.DropColumn(
                name: "register_again_by",
                table: "payment_accounts");

            migrationBuilder.DropColumn(
                name: "valid_until",
                table: "callback_addresses");
        }
    }
}
