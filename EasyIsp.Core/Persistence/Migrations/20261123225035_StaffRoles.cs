using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class StaffRoles : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "requires_second_factor",
                table: "roles",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            // Who may change everything else of the company may say who works for it.
            migrationBuilder.Sql("update roles set permissions = permissions || array['StaffManage'] where permissions @> array['SettingsManage']");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("update roles set permissions = array_remove(permissions, 'StaffManage')");

            migrationBuilder.DropColumn(
                name: "requires_second_factor",
                table: "roles");
        }
    }
}
