using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class ExplainedAmounts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_explanations_tenant_id_payment_id",
                table: "explanations");

            migrationBuilder.DropIndex(
                name: "ix_explanations_tenant_id_statement_line_id",
                table: "explanations");

            migrationBuilder.AddColumn<decimal>(
                name: "booked",
                table: "explanations",
                type: "numeric(19,4)",
                precision: 19,
                scale: 4,
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "entered",
                table: "explanations",
                type: "numeric(19,4)",
                precision: 19,
                scale: 4,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "kind",
                table: "explanations",
                type: "character varying(32)",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "stated",
                table: "explanations",
                type: "numeric(19,4)",
                precision: 19,
                scale: 4,
                nullable: true);

            migrationBuilder.Sql(SqlFile.Read("ExplainedAmounts"));

            migrationBuilder.AlterColumn<string>(
                name: "kind",
                table: "explanations",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                oldClrType: typeof(string),
                oldType: "character varying(32)",
                oldMaxLength: 32,
                oldNullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_explanations_once",
                table: "explanations",
                columns: new[] { "tenant_id", "statement_line_id", "payment_id", "kind", "stated", "booked", "entered" },
                unique: true)
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_explanations_tenant_id_payment_id",
                table: "explanations",
                columns: new[] { "tenant_id", "payment_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_explanations_once",
                table: "explanations");

            migrationBuilder.DropIndex(
                name: "ix_explanations_tenant_id_payment_id",
                table: "explanations");

            migrationBuilder.DropColumn(
                name: "booked",
                table: "explanations");

            migrationBuilder.DropColumn(
                name: "entered",
                table: "explanations");

            migrationBuilder.DropColumn(
                name: "kind",
                table: "explanations");

            migrationBuilder.DropColumn(
                name: "stated",
                table: "explanations");

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
        }
    }
}
