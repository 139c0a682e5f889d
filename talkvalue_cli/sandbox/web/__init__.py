"""What HTTP needs: reading requests strictly, problem documents, the server."""
