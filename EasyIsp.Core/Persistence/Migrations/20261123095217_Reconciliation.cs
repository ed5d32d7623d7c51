using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Reconciliation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_statement_lines",
                table: "statement_lines");

            migrationBuilder.AddPrimaryKey(
                name: "ak_statement_lines_tenant_id_id",
                table: "statement_lines",
                columns: new[] { "tenant_id", "id" });

            migrationBuilder.CreateTable(
                name: "explanations",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    statement_line_id = table.Column<Guid>(type: "uuid", nullable: true),
                    payment_id = table.Column<Guid>(type: "uuid", nullable: true),
                    reason = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    by = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_explanations", x => new { x.tenant_id, x.id });
                    table.CheckConstraint("ck_explanations_of", "num_nonnulls(statement_line_id, payment_id) = 1");
                    table.ForeignKey(
                        name: "fk_explanations_payments_tenant_id_payment_id",
                        columns: x => new { x.tenant_id, x.payment_id },
                        principalTable: "payments",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_explanations_statement_lines_tenant_id_statement_line_id",
                        columns: x => new { x.tenant_id, x.statement_line_id },
                        principalTable: "statement_lines",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "statement_covers",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    payment_account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    source = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_statement_covers", x => new { x.tenant_id, x.id });
                    table.CheckConstraint("ck_statement_covers_period", "until > \"from\"");
                    table.ForeignKey(
                        name: "fk_statement_covers_payment_accounts_tenant_id_payment_account",
                        columns: x => new { x.tenant_id, x.payment_account_id },
                        principalTable: "payment_accounts",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_payments_tenant_id_paid_at",
                table: "payments",
                columns: new[] { "tenant_id", "paid_at" });

            migrationBuilder.CreateIndex(
                name: "ix_explanations_tenant_id_payment_id",
                table: "explanations",
                columns: new[] { "tenant_id", "payment_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_explanations_tenant_id_statement_line_id",
                table: "explanations",
                columns: new[] { "tenant_id", "statement_line_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_statement_covers_tenant_id_payment_account_id_until",
                table: "statement_covers",
                columns: new[] { "tenant_id", "payment_account_id", "until" });

            migrationBuilder.Sql(SqlFile.Read("Reconciliation"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "explanations");

            migrationBuilder.DropTable(
                name: "statement_covers");

            migrationBuilder.DropPrimaryKey(
                name: "ak_statement_lines_tenant_id_id",
                table: "statement_lines");

            migrationBuilder.DropIndex(
                name: "ix_payments_tenant_id_paid_at",
                table: "payments");

            migrationBuilder.AddPrimaryKey(
                name: "pk_statement_lines",
                table: "statement_lines",
                columns: new[] { "tenant_id", "id" });
        }
    }
}
