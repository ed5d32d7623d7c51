using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Usage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_open_sessions_last_heard_at",
                table: "open_sessions");

            migrationBuilder.AlterTable(
                name: "open_sessions")
                .Annotation("Npgsql:StorageParameter:fillfactor", 50);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "data_nearly_used_at",
                table: "subscriptions",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "data_used_up_at",
                table: "subscriptions",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "at_data_limit",
                table: "packages",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "Cut");

            migrationBuilder.AddColumn<bool>(
                name: "is_metered",
                table: "open_sessions",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "usage_days",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    subscription_id = table.Column<Guid>(type: "uuid", nullable: false),
                    customer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    uploaded_bytes = table.Column<long>(type: "bigint", nullable: false),
                    downloaded_bytes = table.Column<long>(type: "bigint", nullable: false),
                    seconds = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_usage_days", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_usage_days_subscriptions_tenant_id_subscription_id",
                        columns: x => new { x.tenant_id, x.subscription_id },
                        principalTable: "subscriptions",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_usage_days_tenant_id_customer_id_day",
                table: "usage_days",
                columns: new[] { "tenant_id", "customer_id", "day" });

            migrationBuilder.CreateIndex(
                name: "ix_usage_days_tenant_id_subscription_id",
                table: "usage_days",
                columns: new[] { "tenant_id", "subscription_id" });

            migrationBuilder.Sql(SqlFile.Read("Usage"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "usage_days");

            migrationBuilder.DropColumn(
                name: "data_nearly_used_at",
                table: "subscriptions");

            migrationBuilder.DropColumn(
                name: "data_used_up_at",
                table: "subscriptions");

            migrationBuilder.DropColumn(
                name: "at_data_limit",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "is_metered",
                table: "open_sessions");

            migrationBuilder.AlterTable(
                name: "open_sessions")
                .OldAnnotation("Npgsql:StorageParameter:fillfactor", 50);

            migrationBuilder.CreateIndex(
                name: "ix_open_sessions_last_heard_at",
                table: "open_sessions",
                column: "last_heard_at");
        }
    }
}
