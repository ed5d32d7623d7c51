using System;
using System.Net;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Identity.Migrations
{
    /// <inheritdoc />
    public partial class SignIns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "authenticator_key",
                schema: "staff",
                table: "users",
                type: "bytea",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "deleted_at",
                schema: "staff",
                table: "users",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "last_code_step",
                schema: "staff",
                table: "users",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "links",
                schema: "staff",
                columns: table => new
                {
                    digest = table.Column<byte[]>(type: "bytea", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    purpose = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_links", x => x.digest);
                    table.ForeignKey(
                        name: "fk_links_users_user_id",
                        column: x => x.user_id,
                        principalSchema: "staff",
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "recovery_codes",
                schema: "staff",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    digest = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recovery_codes", x => new { x.user_id, x.digest });
                    table.ForeignKey(
                        name: "fk_recovery_codes_users_user_id",
                        column: x => x.user_id,
                        principalSchema: "staff",
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sign_ins",
                schema: "staff",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    method = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    began_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    address = table.Column<IPAddress>(type: "inet", nullable: true),
                    agent = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    device = table.Column<byte[]>(type: "bytea", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sign_ins", x => x.id);
                    table.ForeignKey(
                        name: "fk_sign_ins_users_user_id",
                        column: x => x.user_id,
                        principalSchema: "staff",
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "staff_mails",
                schema: "staff",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    address = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: true),
                    about = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    origin = table.Column<IPAddress>(type: "inet", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    next_try_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    tries = table.Column<int>(type: "integer", nullable: false),
                    failure = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_staff_mails", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "user_passkeys",
                schema: "staff",
                columns: table => new
                {
                    credential_id = table.Column<byte[]>(type: "bytea", maxLength: 1024, nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    data = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_user_passkeys", x => x.credential_id);
                    table.ForeignKey(
                        name: "fk_user_passkeys_users_user_id",
                        column: x => x.user_id,
                        principalSchema: "staff",
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_links_user_id",
                schema: "staff",
                table: "links",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_sign_ins_user_id",
                schema: "staff",
                table: "sign_ins",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_staff_mails_created_at",
                schema: "staff",
                table: "staff_mails",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_staff_mails_next_try_at",
                schema: "staff",
                table: "staff_mails",
                column: "next_try_at");

            migrationBuilder.CreateIndex(
                name: "ix_user_passkeys_user_id",
                schema: "staff",
                table: "user_passkeys",
                column: "user_id");

            migrationBuilder.Sql(SqlFile.Read("StaffAnnouncements"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop trigger announce_update on staff.users; drop function staff.announce_account()");

            migrationBuilder.DropTable(
                name: "links",
                schema: "staff");

            migrationBuilder.DropTable(
                name: "recovery_codes",
                schema: "staff");

            migrationBuilder.DropTable(
                name: "sign_ins",
                schema: "staff");

            migrationBuilder.DropTable(
                name: "staff_mails",
                schema: "staff");

            migrationBuilder.DropTable(
                name: "user_passkeys",
                schema: "staff");

            migrationBuilder.Sql("drop function staff.announce_ended(); drop function staff.announce_change()");

            migrationBuilder.DropColumn(
                name: "authenticator_key",
                schema: "staff",
                table: "users");

            migrationBuilder.DropColumn(
                name: "deleted_at",
                schema: "staff",
                table: "users");

            migrationBuilder.DropColumn(
                name: "last_code_step",
                schema: "staff",
                table: "users");
        }
    }
}
