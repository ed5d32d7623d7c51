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
            migrationBuilder.DropIndex(
                name: "ix_usage_days_tenant_id_customer_id_day",
                table: "usage_days");

            migrationBuilder.DropIndex(
                name: "ix_sessions_tenant_id_customer_id",
                table: "sessions");

            migrationBuilder.DropIndex(
                name: "ix_sessions_tenant_id_router_id_nas_session_id",
                table: "sessions");

            migrationBuilder.DropIndex(
                name: "ix_sessions_tenant_id_subscription_id",
                table: "sessions");

            migrationBuilder.DropIndex(
                name: "ix_open_sessions_tenant_id_customer_id",
                table: "open_sessions");

            migrationBuilder.DropIndex(
                name: "ix_open_sessions_tenant_id_router_id_nas_session_id_user_name",
                table: "open_sessions");

            migrationBuilder.DropIndex(
                name: "ix_open_sessions_tenant_id_subscription_id",
                table: "open_sessions");

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

            migrationBuilder.CreateIndex(
                name: "ix_usage_days_customer_id_day",
                table: "usage_days",
                columns: new[] { "customer_id", "day" });

            migrationBuilder.CreateIndex(
                name: "ix_usage_days_subscription_id",
                table: "usage_days",
                column: "subscription_id");

            migrationBuilder.CreateIndex(
                name: "ix_sessions_customer_id",
                table: "sessions",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "ix_sessions_router_id_nas_session_id",
                table: "sessions",
                columns: new[] { "router_id", "nas_session_id" });

            migrationBuilder.CreateIndex(
                name: "ix_sessions_subscription_id",
                table: "sessions",
                column: "subscription_id");

            migrationBuilder.CreateIndex(
                name: "ix_open_sessions_customer_id",
                table: "open_sessions",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "ix_open_sessions_router_id_nas_session_id_user_name_tenant_id",
                table: "open_sessions",
                columns: new[] { "router_id", "nas_session_id", "user_name", "tenant_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_open_sessions_subscription_id",
                table: "open_sessions",
                column: "subscription_id");

            migrationBuilder.Sql(SqlFile.Read("BookedUsage"));
            migrationBuilder.Sql(SqlFile.Read("AnnouncementsByName"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop view usage_by_day; drop function usage_day_id(date, uuid);");

            migrationBuilder.DropIndex(
                name: "ix_usage_days_customer_id_day",
                table: "usage_days");

            migrationBuilder.DropIndex(
                name: "ix_usage_days_subscription_id",
                table: "usage_days");

            migrationBuilder.DropIndex(
                name: "ix_sessions_customer_id",
                table: "sessions");

            migrationBuilder.DropIndex(
                name: "ix_sessions_router_id_nas_session_id",
                table: "sessions");

            migrationBuilder.DropIndex(
                name: "ix_sessions_subscription_id",
                table: "sessions");

            migrationBuilder.DropIndex(
                name: "ix_open_sessions_customer_id",
                table: "open_sessions");

            migrationBuilder.DropIndex(
                name: "ix_open_sessions_router_id_nas_session_id_user_name_tenant_id",
                table: "open_sessions");

            migrationBuilder.DropIndex(
                name: "ix_open_sessions_subscription_id",
                table: "open_sessions");

            migrationBuilder.DropColumn(
                name: "booked_downloaded_bytes",
                table: "open_sessions");

            migrationBuilder.DropColumn(
                name: "booked_seconds",
                table: "open_sessions");

            migrationBuilder.DropColumn(
                name: "booked_uploaded_bytes",
                table: "open_sessions");

            migrationBuilder.CreateIndex(
                name: "ix_usage_days_tenant_id_customer_id_day",
                table: "usage_days",
                columns: new[] { "tenant_id", "customer_id", "day" });

            migrationBuilder.CreateIndex(
                name: "ix_sessions_tenant_id_customer_id",
                table: "sessions",
                columns: new[] { "tenant_id", "customer_id" });

            migrationBuilder.CreateIndex(
                name: "ix_sessions_tenant_id_router_id_nas_session_id",
                table: "sessions",
                columns: new[] { "tenant_id", "router_id", "nas_session_id" });

            migrationBuilder.CreateIndex(
                name: "ix_sessions_tenant_id_subscription_id",
                table: "sessions",
                columns: new[] { "tenant_id", "subscription_id" });

            migrationBuilder.CreateIndex(
                name: "ix_open_sessions_tenant_id_customer_id",
                table: "open_sessions",
                columns: new[] { "tenant_id", "customer_id" });

            migrationBuilder.CreateIndex(
                name: "ix_open_sessions_tenant_id_router_id_nas_session_id_user_name",
                table: "open_sessions",
                columns: new[] { "tenant_id", "router_id", "nas_session_id", "user_name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_open_sessions_tenant_id_subscription_id",
                table: "open_sessions",
                columns: new[] { "tenant_id", "subscription_id" });
        }
    }
}
