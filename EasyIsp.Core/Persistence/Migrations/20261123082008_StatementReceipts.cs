using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class StatementReceipts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_statement_lines_tenant_id_receipt",
                table: "statement_lines",
                columns: new[] { "tenant_id", "receipt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_statement_lines_tenant_id_receipt",
                table: "statement_lines");
        }
    }
}
