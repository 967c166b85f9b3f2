"""Every rule of WeCom that this simulator keeps, in one table: number, error code, source, trap.

Doors ask ``RULES[...]`` for numbers and codes, and ``/sim/errors`` names the rule that the bot
broke. ``doc`` is the official page; ``trap`` is the number of the list of known traps in the
project's protocol notes (``None`` where the list has none). Called by every other module here.
"""

from dataclasses import dataclass

_DOC = "https://developer.work.weixin.qq.com/document/path/"


@dataclass(frozen=True)
class Rule:
    """One documented rule: what the platform answers when it is broken."""

    id: str
    errcode: int
    doc: str
    trap: int | None
    says: str
    number: int = 0


def _rule(
    name: str, errcode: int, page: int, trap: int | None, says: str, number: int = 0
) -> tuple[str, Rule]:
    return name, Rule(name, errcode, f"{_DOC}{page}", trap, says, number)


RULES: dict[str, Rule] = dict(
    [
        # tokens and calls of the app
        _rule("secret_missing", 41004, 91039, 16, "corpsecret missing"),
        _rule("corpid_wrong", 40013, 91039, 16, "invalid corpid"),
        _rule("secret_wrong", 40001, 91039, 16, "invalid credential"),
        _rule("secret_ban", 45009, 91039, 16, "api freq out of limit: wrong secrets", 5),
        _rule("secret_ban_s", 45009, 91039, 16, "length of that ban", 3600),
        _rule("token_life_s", 42001, 91039, 16, "access_token expired", 7200),
        _rule("token_missing", 41001, 91039, 16, "access_token missing"),
        _rule("token_invalid", 40014, 91039, 16, "invalid access_token"),
        _rule("token_expired", 42001, 91039, 16, "access_token expired"),
        _rule("endpoint_unknown", 40066, 90455, None, "invalid url"),
        _rule("body_json", 47001, 90455, None, "data format error"),
        _rule("parameter", 40058, 90455, None, "invalid Request Parameter"),
        _rule("agentid", 301002, 90236, None, "agentid does not belong to this access_token"),
        _rule("msgtype", 40008, 90236, None, "invalid message type"),
        _rule("receivers_many", 40032, 90236, 17, "too many receivers", 1000),
        _rule("receiver_unknown", 0, 90236, 17, "named in invaliduser, lower-cased"),
        _rule("receivers_none", 81013, 90236, 17, "user & party & tag all invalid"),
        _rule("text_bytes", 0, 90236, 18, "the client cuts what is longer", 2048),
        _rule("textcard_title", 0, 90236, 18, "the client cuts what is longer", 128),
        _rule("textcard_text", 0, 90236, 18, "the client cuts what is longer", 512),
        _rule("member_minute", 0, 90236, 17, "silently dropped: messages per minute", 30),
        _rule("member_hour", 0, 90236, 17, "silently dropped: messages per hour", 1000),
        _rule("duplicate_s", 0, 90236, 17, "longest duplicate_check_interval", 14400),
        _rule("recall", 40058, 94867, None, "msgid unknown or older than 24 h", 86400),
        _rule("code_used", 40058, 94888, 15, "response_code was used before"),
        _rule("code_unknown", 40058, 94888, 15, "invalid response_code"),
        _rule("code_expired", 40058, 94888, 15, "response_code expired", 72 * 3600),
        _rule("update_userids", 40058, 94888, 15, "userids must be a JSON array"),
        _rule("user_unknown", 60111, 90196, 8, "userid not found"),
        _rule("user_hidden", 60011, 90196, 20, "no privilege to access this member"),
        _rule("list_id_secret", 48002, 96067, None, "api forbidden: only 通讯录同步"),
        _rule("oauth_code", 40029, 91023, None, "invalid oauth_code", 300),
        _rule("openuserids", 40058, 101521, 8, "at most so many ids", 1000),
        # media
        _rule("media_type", 40004, 90253, 13, "invalid media type"),
        _rule("media_size", 40006, 90253, 13, "invalid media size"),
        _rule("media_empty", 44001, 90253, 13, "empty media data"),
        _rule("media_id", 40007, 90254, 13, "invalid media_id, or older than 3 days", 3 * 86400),
        _rule("upload_session", 40058, 101463, 13, "unknown upload_id, or older than 30 min", 1800),
        _rule("upload_chunks", 40058, 101463, 13, "too many chunks", 100),
        _rule("upload_chunk_bytes", 40006, 101463, 13, "chunk too long", 512 * 1024),
        _rule("upload_sum", 40058, 101463, 13, "size or md5 does not match"),
        _rule("upload_minute", 45009, 101463, 13, "uploads per minute", 30),
        _rule("upload_hour", 45009, 101463, 13, "uploads per hour", 1000),
        _rule("media_url_s", 40007, 100719, 13, "life of the URL of a received file", 300),
        # cards
        _rule("card_type", 40058, 101032, 14, "unknown card_type"),
        _rule("card_block", 40058, 101032, 14, "block missing or not allowed in this card_type"),
        _rule("card_length", 40058, 101032, 14, "field too long or too many entries"),
        _rule("card_key", 40058, 101032, 14, "button keys missing or not unique"),
        _rule("card_action", 42045, 101032, 14, "card_action missing or invalid"),
        _rule("card_task_id", 42014, 101032, 14, "taskid has existed or empty or exceed max len"),
        _rule("card_update_task", 40058, 101032, 14, "task_id differs from the card's"),
        _rule("tag_unknown", 40068, 90213, None, "invalid tagid"),
        # 紧急通知
        _rule("voice_not_linked", 301049, 91627, None, "app not linked in pstncc"),
        _rule("voice_off", 301050, 91627, None, "pstncc is not open"),
        _rule("voice_no_balance", 301051, 91627, None, "pstncc balance is not enough"),
        _rule("call_8min", 0, 91628, None, "reason 13: calls in 8 minutes", 3),
        _rule("call_day", 0, 91628, None, "reason 13: calls in 24 hours", 8),
        _rule("call_unknown", 40058, 91628, None, "unknown callid, or another callee"),
        _rule("call_state_s", 40058, 91628, None, "call older than 7 days", 7 * 86400),
        # group webhooks
        _rule("hook_key", 93000, 99110, 19, "invalid webhook url, hook removed"),
        _rule("hook_upload_key", 44001, 99110, 19, "empty media data"),
        _rule("hook_minute", 45009, 99110, 19, "api freq out of limit: messages a minute", 20),
        _rule("hook_penalty", 45009, 99110, 19, "blocked for the rest of a minute", 60),
        _rule("hook_text_bytes", 40058, 99110, 18, "text too long", 2048),
        _rule("hook_markdown_bytes", 40058, 99110, 18, "markdown too long", 4096),
        _rule("hook_markdown_v2", 0, 99110, 18, "markdown_v2 knows no mention and no colour"),
        _rule("hook_image_bytes", 40009, 99110, 13, "invalid image size", 2 * 1024 * 1024),
        _rule("hook_image_md5", 301019, 99110, 13, "media md5 does not match"),
        # appchat
        _rule("appchat_unknown", 86003, 90248, None, "chatid not made by this app"),
        _rule("appchat_exists", 86215, 90245, None, "chatid exists already"),
        _rule("appchat_members", 86006, 90245, None, "members are not 2..2000 known users", 2000),
        _rule("appchat_member_minute", 0, 90248, 17, "silently dropped: per minute", 200),
        # mass send to customer groups, confirmed by a member
        _rule("group_none", 90501, 92122, 22, "not a customer group, or dismissed"),
        _rule("group_owners", 81017, 92120, 22, "too many owners: give owner_filter"),
        _rule("group_filter", 40058, 92120, 22, "too many userid in owner_filter", 100),
        _rule("group_page", 40058, 92120, 22, "limit must be 1 to 1000", 1000),
        _rule("group_cursor", 40058, 92120, 22, "invalid cursor"),
        _rule("group_status", 40058, 92120, 22, "status_filter must be 0 to 3", 3),
        _rule("groupmsg_sender", 40058, 92135, 23, "sender missing or no member"),
        _rule("groupmsg_chats", 40058, 92135, 23, "too many chat_id", 2000),
        _rule("groupmsg_bytes", 40058, 92135, 23, "text longer than 4000 bytes or empty", 4000),
        _rule("groupmsg_attachments", 40058, 92135, 23, "too many attachments", 9),
        _rule("groupmsg_unknown", 40058, 93338, 23, "invalid msgid"),
        _rule("groupmsg_remind", 45009, 97610, 23, "reminders of one mass send in 24 h", 3),
        # archive
        _rule("archive_bell_s", 0, 95039, 21, "notify events come at most so often", 15),
        _rule("archive_room", 40058, 91782, 21, "roomid is no archived room"),
        # robot, both modes
        _rule("conversation_minute", 45009, 101463, 11, "messages per minute", 30),
        _rule("conversation_hour", 45009, 101463, 11, "messages per hour", 1000),
        _rule("push_before_contact", 93001, 101463, 11, "nobody there has spoken to the robot"),
        _rule("chat_unknown", 93006, 101463, 11, "invalid chatid"),
        _rule("robot_not_in_group", 93008, 101463, 11, "robot is not in that group"),
        _rule("robot_msgtype", 40008, 101463, 11, "msgtype not allowed here"),
        _rule("robot_bytes", 40058, 101031, 12, "content too long", 20480),
        _rule("stream_s", 846608, 101463, 12, "stream older than 6 min", 360),
        _rule("stream_not_finished", 846608, 101463, 12, "frozen, finish never came", 360),
        _rule("stream_after_finish", 846608, 101463, 12, "changed after finish"),
        _rule("stream_shape", 40058, 101031, 12, "stream needs id and content"),
        _rule("unfinished", 0, 100719, 10, "not delivered: unfinished turns of that user", 3),
        _rule("response_url_used", 40058, 101138, 12, "response_url was used before"),
        _rule("response_url_expired", 40058, 101138, 12, "response_url older than 1 h", 3600),
        _rule("response_url_unknown", 40058, 101138, 12, "invalid response_code"),
        # robot on the socket
        _rule("frame", 40058, 101463, None, "frame is not {cmd, headers: {req_id}, body}"),
        _rule("command_unknown", 40058, 101463, None, "unknown cmd"),
        _rule("not_subscribed", 846605, 101463, 9, "the first frame must be aibot_subscribe"),
        _rule("subscribe_secret", 853000, 101463, 9, "invalid bot_id or secret"),
        _rule("subscribe_again", 846605, 101463, 9, "subscribe on a healthy link"),
        _rule("subscribe_minute", 45009, 101463, 9, "subscribes per minute", 30),
        _rule("req_id", 846605, 101463, 10, "unknown req_id, or not for this cmd"),
        _rule("reply_window_s", 846608, 101463, 10, "reply later than 24 h", 86400),
        _rule("event_late", 846608, 101027, 3, "answer later than 5 s", 5),
        _rule("event_twice", 846605, 101027, 3, "event answered twice"),
        # 微信客服
        _rule("kf_account", 95000, 94665, 24, "invalid open_kfid"),
        _rule("kf_customer", 40096, 94677, 24, "invalid external userid"),
        _rule("kf_msgid", 40058, 94677, 24, "msgid exceed max length, or has other characters", 32),
        _rule("kf_budget", 95001, 94677, 24, "send msg count limit", 5),
        _rule("kf_window", 95001, 94677, 24, "customer silent for longer than 48 h", 48 * 3600),
        _rule("kf_state", 95018, 94677, 24, "send msg session status invalid"),
        _rule("kf_type", 40008, 94677, 24, "message type not allowed here"),
        _rule("kf_text", 40058, 94677, 24, "text too long", 2048),
        _rule("kf_menu_head", 40058, 94677, 24, "head_content too long", 1024),
        _rule("kf_menu_items", 40058, 94677, 24, "too many choices", 10),
        _rule("kf_menu_click", 40058, 94677, 24, "id or content of a choice", 128),
        _rule("kf_code", 40058, 95122, 24, "code unknown or used"),
        _rule("kf_code_late", 40058, 95122, 24, "code expired"),
        _rule("kf_welcome", 40058, 95122, 24, "life of a welcome code", 20),
        _rule("kf_token", 95007, 94670, 24, "invalid msg token, or older than 10 min", 600),
        _rule("kf_cursor", 40058, 94670, 24, "invalid cursor"),
        _rule("kf_page", 40058, 94670, 24, "limit is 1..1000", 1000),
        _rule("kf_days", 0, 94670, 24, "how far back sync_msg goes", 3 * 86400),
        _rule("kf_bare_reads", 45009, 94670, 24, "sync_msg without token, per minute", 20),
        _rule("kf_trans", 40058, 94669, 24, "that change of service_state is not allowed"),
        _rule("kf_servicer", 95014, 94669, 24, "servicer is not on duty at that account"),
        _rule("kf_scene", 40058, 94665, 24, "scene is 1..32 letters, digits, _ or -", 32),
        # 政民沟通
        _rule("report_permission", 48002, 94557, 25, "app not entered under 可调用接口的应用"),
        _rule("report_limit", 40058, 93514, 25, "limit must be 20 to 50", 50),
        _rule("report_cursor", 40058, 93514, 25, "cursor is not one that was handed out"),
        _rule("report_order", 40058, 93515, 25, "order_id unknown"),
        _rule("report_grid", 40058, 94481, 25, "grid_id unknown"),
        _rule("report_grid_name", 40058, 94478, 25, "name too long or taken beside it", 30),
        _rule("report_grid_depth", 40058, 94478, 25, "too deep", 10),
        _rule("report_grid_admin", 40058, 94478, 25, "grid_admin: 1 to so many", 20),
        _rule("report_grid_member", 40058, 94478, 25, "grid_member: at most so many", 100),
        _rule("report_admin_grids", 40058, 94478, 25, "one member manages too many grids", 10),
        _rule("report_category", 40058, 94536, 25, "category unknown, or its level is wrong"),
        _rule("report_category_name", 40058, 94536, 25, "name of a category too long", 30),
        # callbacks
        _rule("callback_late", 0, 90930, 1, "connection cut after 5 s", 5),
        _rule("callback_retries", 0, 90930, 1, "retries after the first try", 3),
        _rule("passive_form", 0, 90930, 5, "passive reply is not the encrypted envelope"),
        _rule("passive_signature", 0, 90930, 5, "passive reply with a wrong signature or nonce"),
        _rule("passive_type", 0, 101031, 3, "passive reply not allowed to this callback"),
        _rule("echo_late", 0, 90238, 4, "verification answered later than 1 s", 1),
        _rule("echo_wrong", 0, 90238, 4, "verification answered wrong bytes"),
    ]
)
