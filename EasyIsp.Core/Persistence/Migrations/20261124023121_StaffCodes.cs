using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class StaffCodes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "texts_staff_codes",
                table: "tenants",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<byte[]>(
                name: "secret_text",
                table: "messages",
                type: "bytea",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "texts_staff_codes",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "secret_text",
                table: "messages");
        }
    }
}
