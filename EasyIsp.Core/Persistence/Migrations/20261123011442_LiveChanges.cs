using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class LiveChanges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "is_to_reach_sessions",
                table: "packages",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "slow_download_kbps",
                table: "packages",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "slow_upload_kbps",
                table: "packages",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "told",
                table: "open_sessions",
                type: "jsonb",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_packages_is_to_reach_sessions",
                table: "packages",
                column: "is_to_reach_sessions",
                filter: "is_to_reach_sessions");

            migrationBuilder.AddCheckConstraint(
                name: "ck_packages_slow_speed",
                table: "packages",
                sql: "case when at_data_limit = 'SlowDown' then coalesce(slow_download_kbps > 0 and slow_upload_kbps > 0, false) else slow_download_kbps is null and slow_upload_kbps is null end");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_packages_is_to_reach_sessions",
                table: "packages");

            migrationBuilder.DropCheckConstraint(
                name: "ck_packages_slow_speed",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "is_to_reach_sessions",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "slow_download_kbps",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "slow_upload_kbps",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "told",
                table: "open_sessions");
        }
    }
}
