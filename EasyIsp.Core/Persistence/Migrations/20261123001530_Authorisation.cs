using System;
using System.Net;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Authorisation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "address_list",
                table: "packages",
                type: "character varying(60)",
                maxLength: 60,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "address_pool",
                table: "packages",
                type: "character varying(60)",
                maxLength: 60,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "allowed_hours",
                table: "packages",
                type: "character varying(280)",
                maxLength: 280,
                nullable: true);

            migrationBuilder.AddColumn<Guid[]>(
                name: "allowed_router_ids",
                table: "packages",
                type: "uuid[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<int>(
                name: "burst_download_kbps",
                table: "packages",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "burst_seconds",
                table: "packages",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "burst_threshold_download_kbps",
                table: "packages",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "burst_threshold_upload_kbps",
                table: "packages",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "burst_upload_kbps",
                table: "packages",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "delegated_ipv6_pool",
                table: "packages",
                type: "character varying(60)",
                maxLength: 60,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ipv6_pool",
                table: "packages",
                type: "character varying(60)",
                maxLength: 60,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "min_download_kbps",
                table: "packages",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "min_upload_kbps",
                table: "packages",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "priority",
                table: "packages",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "vlan_id",
                table: "packages",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "when_full",
                table: "packages",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "RefuseNew");

            migrationBuilder.AddColumn<Guid[]>(
                name: "allowed_router_ids",
                table: "customers",
                type: "uuid[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<IPNetwork>(
                name: "delegated_prefix",
                table: "customers",
                type: "cidr",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "device_lock",
                table: "customers",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "Off");

            migrationBuilder.AddColumn<IPAddress>(
                name: "static_address",
                table: "customers",
                type: "inet",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "customer_devices",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    customer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    mac_address = table.Column<string>(type: "character varying(17)", maxLength: 17, nullable: false),
                    label = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    is_bound_by_login = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_customer_devices", x => new { x.tenant_id, x.id });
                    table.CheckConstraint("ck_customer_devices_mac_address", "mac_address ~ '^([0-9A-F]{2}:){5}[0-9A-F]{2}$'");
                    table.ForeignKey(
                        name: "fk_customer_devices_customers_tenant_id_customer_id",
                        columns: x => new { x.tenant_id, x.customer_id },
                        principalTable: "customers",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "limited_access",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    reason = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    address_pool = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    address_list = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    kbps = table.Column<int>(type: "integer", nullable: false),
                    length = table.Column<TimeSpan>(type: "interval", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_limited_access", x => new { x.tenant_id, x.id });
                    table.CheckConstraint("ck_limited_access_length", "length between interval '1 minute' and interval '1 hour'");
                    table.CheckConstraint("ck_limited_access_place", "address_pool is not null or address_list is not null");
                    table.CheckConstraint("ck_limited_access_speed", "kbps > 0");
                });

            migrationBuilder.CreateTable(
                name: "reply_attributes",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    package_id = table.Column<Guid>(type: "uuid", nullable: true),
                    router_id = table.Column<Guid>(type: "uuid", nullable: true),
                    customer_id = table.Column<Guid>(type: "uuid", nullable: true),
                    name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    value = table.Column<string>(type: "character varying(253)", maxLength: 253, nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reply_attributes", x => new { x.tenant_id, x.id });
                    table.CheckConstraint("ck_reply_attributes_owner", "num_nonnulls(package_id, router_id, customer_id) = 1");
                    table.ForeignKey(
                        name: "fk_reply_attributes_customers_tenant_id_customer_id",
                        columns: x => new { x.tenant_id, x.customer_id },
                        principalTable: "customers",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_reply_attributes_packages_tenant_id_package_id",
                        columns: x => new { x.tenant_id, x.package_id },
                        principalTable: "packages",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_reply_attributes_routers_tenant_id_router_id",
                        columns: x => new { x.tenant_id, x.router_id },
                        principalTable: "routers",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.AddCheckConstraint(
                name: "ck_packages_burst",
                table: "packages",
                sql: "num_nonnulls(burst_download_kbps, burst_upload_kbps, burst_seconds) in (0, 3) and burst_download_kbps >= download_kbps and burst_upload_kbps >= upload_kbps and burst_seconds between 1 and 3600 and burst_threshold_download_kbps between 1 and burst_download_kbps and burst_threshold_upload_kbps between 1 and burst_upload_kbps");

            migrationBuilder.AddCheckConstraint(
                name: "ck_packages_hours",
                table: "packages",
                sql: "allowed_hours ~ '^[1-7]{1,7} ([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d(;[1-7]{1,7} ([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d)*$'");

            migrationBuilder.AddCheckConstraint(
                name: "ck_packages_minimum",
                table: "packages",
                sql: "min_download_kbps between 1 and download_kbps and min_upload_kbps between 1 and upload_kbps");

            migrationBuilder.AddCheckConstraint(
                name: "ck_packages_priority",
                table: "packages",
                sql: "priority between 1 and 8");

            migrationBuilder.AddCheckConstraint(
                name: "ck_packages_vlan",
                table: "packages",
                sql: "vlan_id between 1 and 4094");

            migrationBuilder.AddCheckConstraint(
                name: "ck_customers_delegated_prefix",
                table: "customers",
                sql: "family(delegated_prefix) = 6 and masklen(delegated_prefix) between 16 and 64");

            migrationBuilder.AddCheckConstraint(
                name: "ck_customers_deleted_has_no_address",
                table: "customers",
                sql: "deleted_at is null or (static_address is null and delegated_prefix is null)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_customers_static_address",
                table: "customers",
                sql: "family(static_address) = 4 and masklen(static_address) = 32");

            migrationBuilder.CreateIndex(
                name: "ix_customer_devices_tenant_id_customer_id",
                table: "customer_devices",
                columns: new[] { "tenant_id", "customer_id" },
                unique: true,
                filter: "is_bound_by_login");

            migrationBuilder.CreateIndex(
                name: "ix_customer_devices_tenant_id_customer_id_mac_address",
                table: "customer_devices",
                columns: new[] { "tenant_id", "customer_id", "mac_address" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_limited_access_tenant_id_reason",
                table: "limited_access",
                columns: new[] { "tenant_id", "reason" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_reply_attributes_tenant_id_customer_id",
                table: "reply_attributes",
                columns: new[] { "tenant_id", "customer_id" },
                filter: "customer_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_reply_attributes_tenant_id_package_id",
                table: "reply_attributes",
                columns: new[] { "tenant_id", "package_id" },
                filter: "package_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_reply_attributes_tenant_id_router_id",
                table: "reply_attributes",
                columns: new[] { "tenant_id", "router_id" },
                filter: "router_id is not null");

            migrationBuilder.Sql(SqlFile.Read("Authorisation"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("alter table customers drop constraint ex_customers_delegated_prefix; drop index ix_customers_tenant_id_static_address;");

            migrationBuilder.DropTable(
                name: "customer_devices");

            migrationBuilder.DropTable(
                name: "limited_access");

            migrationBuilder.DropTable(
                name: "reply_attributes");

            migrationBuilder.Sql("drop function announce_devices();");

            migrationBuilder.DropCheckConstraint(
                name: "ck_packages_burst",
                table: "packages");

            migrationBuilder.DropCheckConstraint(
                name: "ck_packages_hours",
                table: "packages");

            migrationBuilder.DropCheckConstraint(
                name: "ck_packages_minimum",
                table: "packages");

            migrationBuilder.DropCheckConstraint(
                name: "ck_packages_priority",
                table: "packages");

            migrationBuilder.DropCheckConstraint(
                name: "ck_packages_vlan",
                table: "packages");

            migrationBuilder.DropCheckConstraint(
                name: "ck_customers_delegated_prefix",
                table: "customers");

            migrationBuilder.DropCheckConstraint(
                name: "ck_customers_deleted_has_no_address",
                table: "customers");

            migrationBuilder.DropCheckConstraint(
                name: "ck_customers_static_address",
                table: "customers");

            migrationBuilder.DropColumn(
                name: "address_list",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "address_pool",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "allowed_hours",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "allowed_router_ids",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "burst_download_kbps",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "burst_seconds",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "burst_threshold_download_kbps",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "burst_threshold_upload_kbps",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "burst_upload_kbps",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "delegated_ipv6_pool",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "ipv6_pool",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "min_download_kbps",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "min_upload_kbps",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "priority",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "vlan_id",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "when_full",
                table: "packages");

            migrationBuilder.DropColumn(
                name: "allowed_router_ids",
                table: "customers");

            migrationBuilder.DropColumn(
                name: "delegated_prefix",
                table: "customers");

            migrationBuilder.DropColumn(
                name: "device_lock",
                table: "customers");

            migrationBuilder.DropColumn(
                name: "static_address",
                table: "customers");
        }
    }
}
