"""The page beside the chat (聊天工具栏): what a person is asked to say in this group."""
