using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class BookedUsage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "booked_downloaded_bytes",
                table: "open_sessions",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "booked_seconds",
                table: "open_sessions",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "booked_uploaded_bytes",
                table: "open_sessions",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.Sql(SqlFile.Read("BookedUsage"));
            migrationBuilder.Sql(SqlFile.Read("AnnouncementsByName"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop view usage_by_day; drop function usage_day_id(date, uuid);");

            migrationBuilder.DropColumn(
                name: "booked_downloaded_bytes",
                table: "open_sessions");

            migrationBuilder.DropColumn(
                name: "booked_seconds",
                table: "open_sessions");

            migrationBuilder.DropColumn(
                name: "booked_uploaded_bytes",
                table: "open_sessions");
        }
    }
}
